import ava, {type ExecutionContext} from 'ava';
import {type Http2Client, openRawHttp2} from '../helpers/http2/client.js';
import {expectAlive} from '../helpers/http2/expect.js';
import {type Fields, request} from '../helpers/http2/fields.js';
import {frame} from '../helpers/http2/frames.js';
import {onLane} from '../helpers/lanes.js';
import {readRequests, valuesIn} from '../helpers/read-messages.js';
import {ok, type Scripted, startScripted} from '../helpers/scripted.js';
import {startTunnel} from '../helpers/tunnel.js';

const test = onLane('wire', ava);

const hidden = 'GET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n';

async function open(
	t: ExecutionContext,
	answer = ok,
): Promise<{client: Http2Client; backend: Scripted}> {
	const backend = await startScripted(t, async connection => {
		for (let answered = 0; ; ) {
			const heads = connection.received.split('\r\n\r\n').slice(0, -1);
			for (; answered < heads.length; answered++) {
				connection.write(heads[answered]?.includes('/chat') ? answer : ok);
			}
			await connection.more();
		}
	});
	return {client: await openRawHttp2(t, await startTunnel(t, backend.port)), backend};
}

const asks = (...more: Fields) =>
	frame.headers(1, [...request('CONNECT', '/chat'), [':protocol', 'websocket'], ...more], {
		endStream: false,
	});

test('the backend gets one key, whatever the client sends', async t => {
	const {client, backend} = await open(t);
	client.send(
		asks(['sec-websocket-key', 'AAAAAAAAAAAAAAAAAAAAAA=='], ['sec-websocket-version', '13']),
	);
	await client.next({type: 'HEADERS', stream: 1});
	const [message] = readRequests(backend.received).messages;
	const keys = valuesIn(message?.fields ?? [], 'sec-websocket-key');
	t.is(keys.length, 1);
	t.not(keys[0], 'AAAAAAAAAAAAAAAAAAAAAA==');
});

test('a tunnel with a length is refused, and nothing of it reaches the backend', async t => {
	const {client, backend} = await open(t);
	client.send(asks(['content-length', String(hidden.length)]), frame.data(1, hidden));
	const {type, code} = await client.next(({stream, type}) => stream === 1 || type === 'GOAWAY');
	t.deepEqual([type, code], ['RST_STREAM', 'PROTOCOL_ERROR']);
	await expectAlive(t, client);
	t.notRegex(backend.received, /chat|hidden/);
});

const unopened: Record<string, string> = {
	'answers as if it were a request': ok,
	'answers with an error': 'HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno',
	'switches to something else':
		'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n',
	'switches with a wrong key':
		'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n',
	'switches without a key':
		'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
};

for (const [what, answer] of Object.entries(unopened)) {
	test(`what a client sends into a tunnel that its backend ${what} for reaches nobody`, async t => {
		const {client, backend} = await open(t, answer);
		client.send(asks(['sec-websocket-version', '13']), frame.data(1, hidden));
		await client.next(({stream, type}) => stream === 1 && type === 'HEADERS');
		client.send(frame.data(1, hidden, {endStream: true}));
		await expectAlive(t, client);
		t.false(backend.received.includes('hidden'));
	});
}

for (const protocol of ['connect-udp', 'WebSocket', 'h2c', 'websocket,x']) {
	test(`a tunnel for ${protocol} is refused, and nothing of it reaches the backend`, async t => {
		const {client, backend} = await open(t);
		const fields: Fields = [...request('CONNECT', '/chat'), [':protocol', protocol]];
		client.send(frame.headers(1, fields, {endStream: false}), frame.data(1, hidden));
		await client.next(({stream, type}) => stream === 1 && ['HEADERS', 'RST_STREAM'].includes(type));
		await expectAlive(t, client);
		t.notRegex(backend.received, /chat|hidden/);
	});
}

test('CONNECT to another host is refused, and nothing of it reaches the backend', async t => {
	const {client, backend} = await open(t);
	const fields: Fields = [
		[':method', 'CONNECT'],
		[':authority', 'localhost:22'],
	];
	client.send(frame.headers(1, fields, {endStream: false}), frame.data(1, hidden));
	await client.next(({stream, type}) => stream === 1 && ['HEADERS', 'RST_STREAM'].includes(type));
	await expectAlive(t, client);
	t.notRegex(backend.received, /CONNECT|hidden/);
});
