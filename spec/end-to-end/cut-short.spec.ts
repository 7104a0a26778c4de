import {execFile} from 'node:child_process';
import {once} from 'node:events';
import type {ExecutionContext} from 'ava';
import type {ExchangeReport} from '../../lib/forward/seams.js';
import {fetchHttp2, openHttp2} from '../helpers/fetch.js';
import {openRawHttp2} from '../helpers/http2/client.js';
import {get} from '../helpers/http2/fields.js';
import {frame} from '../helpers/http2/frames.js';
import {laneOf, test} from '../helpers/lanes.js';
import {openTls} from '../helpers/raw-client.js';
import {ok, startScripted} from '../helpers/scripted.js';
import {startTunnel} from '../helpers/tunnel.js';

const kinds = [
	['with a length', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'],
	['in chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n'],
	['in a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\nhalf'],
	[
		'in chunks that go wrong',
		'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n',
	],
] as const;

/** A backend that dies in the middle of `/cut`, and answers everything else. */
async function startDying(t: ExecutionContext, text: string, end: 'closes' | 'resets') {
	const backend = await startScripted(t, ({socket, write, until}) =>
		until('\r\n\r\n').then(received => {
			if (!received.includes(' /cut ')) {
				write(ok);
				return;
			}
			socket.write(text, () =>
				end === 'closes' ? socket.end() : setTimeout(() => socket.resetAndDestroy(), 50),
			);
		}),
	);
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	const reported = new Promise<ExchangeReport>(resolve => tunnel.once('exchange', resolve));
	return {tunnel, reported};
}

for (const [kind, text] of kinds) {
	for (const end of ['closes', 'resets'] as const) {
		const when = `a backend that ${end} in the middle of a body ${kind}`;

		test(`HTTP/1.1: ${when}`, async t => {
			const {tunnel, reported} = await startDying(t, text, end);
			const client = await openTls(t, tunnel);
			client.write('GET /cut HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
			const received = await client.closed();
			const {complete, failure} = await reported;
			if (kind === 'in chunks that go wrong') {
				// Nothing was passed on yet of what was wrong when it came.
				t.regex(received, /^HTTP\/1\.1 502 /);
			} else {
				t.regex(received, /half/);
				t.notRegex(received, /0\r\n\r\n$/);
				t.false(complete);
			}
			t.regex(failure?.code ?? '', /^backend-(reset|malformed)$/);
			const next = await openTls(t, tunnel);
			next.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
			await next.until('\r\n\r\nok');
		});

		test(`HTTP/2: ${when}`, async t => {
			const {tunnel} = await startDying(t, text, end);
			const client = await openRawHttp2(t, tunnel);
			client.send(frame.headers(1, get('/cut')));
			if (laneOf(t) === 'message' && kind === 'in chunks that go wrong') {
				t.is((await client.response(1)).status, 502);
			} else {
				const {code} = await client.next({type: 'RST_STREAM'});
				t.is(code, 'INTERNAL_ERROR');
			}
			client.send(frame.headers(3, get()));
			t.is(String((await client.response(3)).body), 'ok');
		});
	}
}

for (const [flag, codes] of [
	['--http1.1', [18, 56]],
	['--http2', [92]],
] as const) {
	test(`curl ${flag} says that a body was cut short`, async t => {
		const {tunnel} = await startDying(t, kinds[0][1], 'closes');
		const child = execFile('curl', [
			'--silent',
			'--insecure',
			'--max-time',
			'20',
			flag,
			`${tunnel.url}/cut`,
		]);
		const [code] = await once(child, 'close');
		t.true((codes as readonly unknown[]).includes(code), `curl ended with ${code}`);
	});
}

test('HTTP/2: a body without a length that breaks off does not look complete', async t => {
	const {tunnel} = await startDying(t, 'HTTP/1.0 200 OK\r\n\r\nhalf', 'resets');
	const session = await openHttp2(t, tunnel);
	await t.throwsAsync(fetchHttp2(session, {':path': '/cut'}), {message: /INTERNAL_ERROR|code 2/});
});

test('what had arrived before the backend died reaches the client', async t => {
	const {tunnel} = await startDying(t, kinds[0][1], 'closes');
	const session = await openHttp2(t, tunnel);
	const stream = session.request({':path': '/cut'});
	let body = '';
	stream.on('data', chunk => {
		body += chunk;
	});
	stream.on('error', () => undefined);
	await new Promise<void>(resolve => stream.once('close', resolve));
	t.is(body, 'half');
});
