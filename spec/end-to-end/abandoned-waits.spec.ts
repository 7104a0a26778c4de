import {createServer} from 'node:net';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import type {Tunnel} from '../../lib/index.js';
import {fetchEither} from '../helpers/either.js';
import {openHttp2} from '../helpers/fetch.js';
import {test} from '../helpers/lanes.js';
import {openTls} from '../helpers/raw-client.js';
import {ok} from '../helpers/scripted.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';
import {startTunnel} from '../helpers/tunnel.js';
import {until} from '../helpers/until.js';
import {dialAs} from '../helpers/versions.js';

/** How long somebody who still dialled would have for it: ten tries. */
const watch = 1000;

/** A backend that comes up, counts connections, and takes its time to answer. */
async function comeUp(t: ExecutionContext, path: string): Promise<{readonly heads: string[]}> {
	const heads: string[] = [];
	const server = createServer(socket => {
		const index = heads.push('') - 1;
		socket.on('error', () => undefined);
		socket.on('data', chunk => {
			heads[index] += String(chunk);
		});
		socket.once('data', () => {
			const timer = setTimeout(() => socket.write(ok), watch);
			socket.once('close', () => clearTimeout(timer));
		});
		t.teardown(() => socket.destroy());
	});
	t.teardown(() => server.close());
	await new Promise<void>(resolve => server.listen(path, resolve));
	return {heads};
}

/** Sends a request that is held, and says how the client leaves. */
type Ask = (t: ExecutionContext, tunnel: Tunnel) => Promise<() => void>;

const overHttp1 =
	(text: string): Ask =>
	async (t, tunnel) => {
		const client = await openTls(t, tunnel);
		client.write(text);
		return () => client.socket.destroy();
	};

const held: Readonly<Record<string, Ask>> = {
	'a GET': overHttp1('GET /left HTTP/1.1\r\nHost: localhost\r\n\r\n'),
	'a POST': overHttp1('POST /left HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhalf'),
	'an upgrade': overHttp1(
		'GET /left HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n',
	),
	'a POST over HTTP/2': async (_t, tunnel) => {
		const client = dialAs('HTTP/2', tunnel);
		client.write('POST /left HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhalf');
		return () => client.destroy();
	},
	'an HTTP/2 stream that is cancelled': async (t, tunnel) => {
		const session = await openHttp2(t, tunnel);
		const stream = session.request({':path': '/left'});
		stream.on('error', () => undefined);
		return () => stream.close(8);
	},
};

for (const [what, ask] of Object.entries(held)) {
	test(`${what}, held: nobody dials for it once its client has left`, async t => {
		const path = join(temporaryDirectory(t), 'backend.sock');
		const tunnel = await startTunnel(t, `unix:${path}`, {wait: 600});
		let over = 0;
		tunnel.on('exchange', ({target}) => {
			over += target === '/left' ? 1 : 0;
		});
		const leave = await Promise.all(Array.from({length: 5}, () => ask(t, tunnel)));
		// Answered without a backend, and behind the others: so those are held by now.
		t.is((await fetchEither(t, tunnel, 'HTTP/1.1', {host: 'foreign.example'})).status, 421);
		for (const act of leave) {
			act();
		}
		await until('the tunnel knows that they have left', () => over === leave.length);
		const {heads} = await comeUp(t, path);
		t.is((await fetchEither(t, tunnel, 'HTTP/1.1', {path: '/stayed'})).status, 200);
		t.deepEqual(
			heads.map(head => head.split(' HTTP')[0]),
			['GET /stayed'],
		);
	});
}
