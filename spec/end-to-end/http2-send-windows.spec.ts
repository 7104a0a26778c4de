import test, {type ExecutionContext} from 'ava';
import {type Http2Client, openRawHttp2} from '../helpers/http2/client.js';
import {expectAlive, settled} from '../helpers/http2/expect.js';
import {get} from '../helpers/http2/fields.js';
import {frame, type Settings} from '../helpers/http2/frames.js';
import {largest} from '../helpers/http2/names.js';
import {http2Stage} from '../helpers/http2/stage.js';
import {until} from '../helpers/until.js';

const stage = http2Stage();

const initial = (window: number): Settings => [['INITIAL_WINDOW_SIZE', window]];
const whole = 65_535;

/** How many octets of DATA have come on one stream, or on all. */
function came(client: Http2Client, on?: number): number {
	return client.frames
		.filter(({type, stream}) => type === 'DATA' && (on === undefined || on === stream))
		.reduce((sum, {payload}) => sum + payload.length, 0);
}

/** Asserts that so many octets come, and that no more do before a PING is answered. */
async function comes(t: ExecutionContext, client: Http2Client, octets: number, on?: number) {
	await until(
		`${octets} octets, of which ${came(client, on)} came`,
		() => came(client, on) >= octets,
	);
	await settled(client);
	t.is(came(client, on), octets);
}

/** Asks for `size` octets on stream 1, and waits for the head of the response. */
async function asking(t: ExecutionContext, window: number, size: number) {
	const client = await openRawHttp2(t, stage().tunnel, {settings: initial(window)});
	client.send(frame.headers(1, get(`/size/${size}`)));
	const {endStream} = await client.next({type: 'HEADERS', stream: 1});
	t.false(endStream);
	return client;
}

test('6.9.1: a window of one octet lets one octet through, and one with each WINDOW_UPDATE', async t => {
	const client = await asking(t, 1, 3);
	await comes(t, client, 1);
	client.send(frame.windowUpdate(1, 1));
	await comes(t, client, 2);
	client.send(frame.windowUpdate(1, 1));
	t.is((await client.response(1)).body.length, 3);
});

test('6.9.1: a window of 0 holds a body back, until it grows', async t => {
	const client = await asking(t, 0, 500);
	await comes(t, client, 0);
	client.send(frame.windowUpdate(1, 200));
	await comes(t, client, 200);
	client.send(frame.windowUpdate(1, 100), frame.windowUpdate(1, 100));
	await comes(t, client, 400);
	client.send(frame.windowUpdate(1, 1000));
	t.is((await client.response(1)).body.length, 500);
});

test('6.9.1: a window of 0 does not hold back what has no body, nor the end of a body', async t => {
	const client = await openRawHttp2(t, stage().tunnel, {settings: initial(0)});
	client.send(frame.headers(1, get('/size/0')), frame.headers(3, get('/status/304')));
	t.is((await client.response(1)).body.length, 0);
	t.is((await client.response(3)).status, 304);
	await expectAlive(t, client);
});

test('6.9.1: a window that is used up to the last octet by the last of the body', async t => {
	const client = await openRawHttp2(t, stage().tunnel, {settings: initial(100)});
	client.send(frame.headers(1, get('/size/100?exact')));
	t.is((await client.response(1)).body.length, 100);
});

test('6.9.1: the window of the connection holds back what the window of a stream would let through', async t => {
	const client = await openRawHttp2(t, stage().tunnel, {settings: initial(largest)});
	client.send(frame.headers(1, get('/size/100000')));
	await comes(t, client, whole);
	client.send(frame.windowUpdate(1, 0x1000));
	await expectNoMore(t, client);
	client.send(frame.windowUpdate(0, 1));
	await comes(t, client, whole + 1);
	client.send(frame.windowUpdate(0, 100_000));
	t.is((await client.response(1)).body.length, 100_000);
});

async function expectNoMore(t: ExecutionContext, client: Http2Client) {
	const before = came(client);
	await settled(client);
	t.is(came(client), before);
}

test('6.9.1: the window of a stream holds back what the window of the connection would let through', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	client.send(frame.windowUpdate(0, largest - whole), frame.headers(1, get('/size/100000?2')));
	await comes(t, client, whole);
	client.send(frame.windowUpdate(1, 100_000));
	t.is((await client.response(1)).body.length, 100_000);
});

test('6.9.1: streams share the window of the connection, and have each their own', async t => {
	const client = await openRawHttp2(t, stage().tunnel, {settings: initial(40_000)});
	client.send(frame.headers(1, get('/size/50000')));
	await comes(t, client, 40_000, 1);
	client.send(frame.headers(3, get('/size/50000?3')));
	await comes(t, client, whole);
	t.is(came(client, 3), whole - 40_000);
	client.send(frame.windowUpdate(1, 10_000), frame.windowUpdate(3, 10_000));
	await expectNoMore(t, client);
	client.send(frame.windowUpdate(0, 100_000));
	t.is((await client.response(1)).body.length, 50_000);
	t.is((await client.response(3)).body.length, 50_000);
});

test('6.9.1: a stream that is held back does not hold back another', async t => {
	const client = await asking(t, 10, 50_000);
	await comes(t, client, 10);
	client.send(frame.headers(3, get('/size/10')));
	t.is((await client.response(3)).body.length, 10);
	await expectAlive(t, client);
});

test('6.9.1: what a stream that is reset has used of the connection stays used, and no more', async t => {
	const client = await openRawHttp2(t, stage().tunnel, {settings: initial(30_000)});
	client.send(frame.headers(1, get('/size/50000?5')));
	await comes(t, client, 30_000);
	client.send(frame.reset(1), frame.settings(initial(largest)));
	await settled(client);
	client.send(frame.headers(3, get('/size/50000?6')));
	await comes(t, client, whole);
	client.send(frame.windowUpdate(0, 50_000));
	t.is((await client.response(3)).body.length, 50_000);
});

test('6.9.2: a change of the initial window counts for streams that are open, even below zero', async t => {
	const client = await asking(t, 10, 100);
	await comes(t, client, 10);
	client.send(frame.settings(initial(30)));
	await comes(t, client, 30);
	client.send(frame.settings(initial(0)));
	await expectNoMore(t, client);
	// The window is -30 by now.
	client.send(frame.windowUpdate(1, 30));
	await expectNoMore(t, client);
	client.send(frame.windowUpdate(1, 5));
	await comes(t, client, 35);
	client.send(frame.settings(initial(20)));
	await comes(t, client, 55);
	client.send(frame.settings(initial(1000)));
	t.is((await client.response(1)).body.length, 100);
});

test('6.9.2: a change of the initial window does not change the window of the connection', async t => {
	const client = await openRawHttp2(t, stage().tunnel, {settings: initial(0)});
	client.send(frame.headers(1, get('/size/80000')));
	await client.next({type: 'HEADERS', stream: 1});
	client.send(frame.settings(initial(largest)));
	await comes(t, client, whole);
	client.send(frame.windowUpdate(0, 80_000));
	t.is((await client.response(1)).body.length, 80_000);
});

test('6.9.2: an initial window that is changed before a stream is opened counts for it', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	client.send(frame.settings(initial(7)), frame.headers(1, get('/size/20')));
	await comes(t, client, 7);
	client.send(frame.windowUpdate(1, 13));
	t.is((await client.response(1)).body.length, 20);
});

test('6.9.1: trailers wait for the body before them, and for no window', async t => {
	const client = await openRawHttp2(t, stage().tunnel, {settings: initial(1)});
	client.send(frame.headers(1, get('/trailers', ['te', 'trailers'])));
	await comes(t, client, 1);
	t.is(client.frames.filter(({type}) => type === 'HEADERS').length, 1);
	client.send(frame.windowUpdate(1, 1));
	const {trailers, body} = await client.response(1);
	t.deepEqual([String(body), trailers], ['ok', [['x-sum', '1']]]);
});
