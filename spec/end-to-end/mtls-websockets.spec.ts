import type {ExecutionContext} from 'ava';
import type {Endpoint} from '../helpers/endpoint.js';
import {openRawHttp2} from '../helpers/http2/client.js';
import {request} from '../helpers/http2/fields.js';
import {frame} from '../helpers/http2/frames.js';
import {readBlock} from '../helpers/http2/read-block.js';
import {test} from '../helpers/lanes.js';
import {type Guarded, openGuarded} from '../helpers/mtls/stage.js';
import {openTls} from '../helpers/raw-client.js';
import {until} from '../helpers/until.js';
import {askFor} from '../helpers/websocket-upgrade.js';

const guestOf = (
	{tunnel, clients}: Guarded,
	name: keyof Guarded['clients'] | 'none',
): Endpoint => ({
	port: tunnel.port,
	ca: tunnel.ca,
	...(name === 'none' ? {} : {client: clients[name]}),
});

async function assertRefused(t: ExecutionContext, {tunnel, seen}: Guarded, times: number) {
	await until('all are counted', () => tunnel.refusals.get('mtls') === times);
	t.deepEqual(seen, []);
}

test('HTTP/1.1: a WebSocket is opened for who has the certificate', async t => {
	const stage = await openGuarded(t);
	const client = await openTls(t, guestOf(stage, 'alice'));
	client.write(askFor('/'));
	t.regex(await client.until('hello alice'), /^HTTP\/1\.1 101 /);
});

test('HTTP/1.1: a WebSocket is opened for nobody else', async t => {
	const stage = await openGuarded(t);
	for (const name of ['none', 'bob', 'foreign', 'expired'] as const) {
		const client = await openTls(t, guestOf(stage, name));
		client.write(askFor('/'));
		t.regex(await client.closed(), /^HTTP\/1\.1 403 /, name);
	}
	await assertRefused(t, stage, 4);
});

const webSocket = request('CONNECT', '/', [':protocol', 'websocket']);

test('HTTP/2: a WebSocket is opened for who has the certificate', async t => {
	const stage = await openGuarded(t);
	const client = await openRawHttp2(t, guestOf(stage, 'alice'));
	client.send(frame.headers(1, webSocket, {endStream: false}));
	const {payload} = await client.next({type: 'DATA', stream: 1});
	t.regex(payload.toString('latin1'), /hello alice/);
});

test('HTTP/2: a WebSocket is opened for nobody else', async t => {
	const stage = await openGuarded(t);
	for (const name of ['none', 'bob', 'foreign', 'expired'] as const) {
		const client = await openRawHttp2(t, guestOf(stage, name));
		client.send(frame.headers(1, webSocket, {endStream: false}));
		const {payload} = await client.next({type: 'HEADERS', stream: 1});
		t.true(
			readBlock(payload).some(([key, value]) => key === ':status' && value === '403'),
			name,
		);
	}
	await assertRefused(t, stage, 4);
});
