import {once} from 'node:events';
import {type ClientHttp2Session, type ClientHttp2Stream, connect, constants} from 'node:http2';
import type {ExecutionContext} from 'ava';
import {times} from '../helpers/abandon.js';
import {startBackend} from '../helpers/backend.js';
import {fetchHttp2} from '../helpers/fetch.js';
import {test} from '../helpers/lanes.js';
import {startTunnel} from '../helpers/tunnel.js';

/*
 * Browsers cancel streams all the time, and keep the session. What was in transit on a cancelled
 * stream is not to count against its session for good: Node answers everything further with
 * ENHANCE_YOUR_CALM once a session has too much. Each session here has fewer than 1,000 resets,
 * since nghttp2 takes more at once for an attack.
 */

async function openSession(t: ExecutionContext, port: number): Promise<ClientHttp2Session> {
	const tunnel = await startTunnel(t, port);
	const session = connect(`https://localhost:${tunnel.port}`, {
		ca: tunnel.ca ?? '',
		// Far less than a response, so that most of each waits in the tunnel when it is cancelled.
		settings: {initialWindowSize: 1000},
		// Node's client counts in the same way, and is not what is looked at.
		maxSessionMemory: 1000,
	});
	t.teardown(() => session.destroy());
	session.on('error', () => undefined);
	await once(session, 'connect');
	return session;
}

/** Cancels a stream once something has come about; rejects when the tunnel ended it before. */
async function cancel(stream: ClientHttp2Stream, when: Promise<unknown>): Promise<void> {
	stream.on('error', () => undefined);
	const closed = new Promise<void>(resolve => stream.once('close', () => resolve()));
	await Promise.race([when, closed]);
	stream.close(constants.NGHTTP2_CANCEL);
	await closed;
	if (stream.rstCode !== constants.NGHTTP2_CANCEL) {
		throw new Error(`a stream was reset with code ${stream.rstCode}`);
	}
}

test('a session on which 450 uploads were cancelled serves on', async t => {
	let arrived = 0;
	const {port} = await startBackend(t, (request, response) => {
		// Who does not read does not notice that the other side has left.
		request.resume();
		if (request.url === '/never') {
			arrived++;
		} else {
			response.end('ok');
		}
	});
	const session = await openSession(t, port);
	await times(450, async () => {
		const stream = session.request({':method': 'POST', ':path': '/never'});
		const written = new Promise(resolve => stream.write(Buffer.alloc(50_000), resolve));
		await cancel(stream, written);
	});
	t.is((await fetchHttp2(session, {':path': '/'})).status, 200);
	t.true(arrived > 225, `${arrived} arrived`);
});

test('a session on which 400 downloads were cancelled after their head serves on', async t => {
	const download = Buffer.alloc(300_000);
	const {port} = await startBackend(t, (request, response) => {
		response.end(request.url === '/download' ? download : 'ok');
	});
	const session = await openSession(t, port);
	await times(400, async () => {
		const stream = session.request({':path': '/download'});
		// With the body's first bytes the rest of what the tunnel has of it is in its queue.
		const begun = new Promise(resolve => stream.once('readable', resolve));
		await cancel(stream, begun);
	});
	t.is((await fetchHttp2(session, {':path': '/'})).status, 200);
});
