import test from 'ava';
import {openRawHttp2} from '../helpers/http2/client.js';
import {expectAlive} from '../helpers/http2/expect.js';
import {get, post, request} from '../helpers/http2/fields.js';
import {frame} from '../helpers/http2/frames.js';
import {http2Stage} from '../helpers/http2/stage.js';

const stage = http2Stage();

test('8.1: a response is HEADERS, DATA, and an end that stands once', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	for (const [index, path] of ['/', '/size/0', '/size/40000', '/empty', '/trailers'].entries()) {
		const on = 2 * index + 1;
		client.send(frame.headers(on, get(path)));
		await client.response(on);
		const types = client.frames.filter(({stream}) => stream === on);
		t.is(types[0]?.type, 'HEADERS');
		t.deepEqual(
			types.map(({endStream}) => endStream),
			types.map((_, at) => at === types.length - 1),
			path,
		);
	}
});

test('8.1: an informational response comes before the response, and does not end the stream', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	client.send(frame.headers(1, get('/hints')));
	const {status, informed, body} = await client.response(1);
	t.is(status, 200);
	t.is(String(body), 'ok');
	t.deepEqual(informed, [
		[
			[':status', '103'],
			['link', '</style.css>; rel=preload'],
		],
	]);
	t.false(client.frames.find(({type}) => type === 'HEADERS')?.endStream);
});

test('8.1: 100 (Continue) comes before the body is sent', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	client.send(frame.headers(1, post('/echo', ['expect', '100-continue']), {endStream: false}));
	const {endStream} = await client.next({type: 'HEADERS', stream: 1});
	t.false(endStream);
	client.send(frame.data(1, 'body', {endStream: true}));
	const {informed, body} = await client.response(1);
	t.deepEqual(informed, [[[':status', '100']]]);
	t.is(String(body), 'body');
});

test('8.1: trailers of a response come in HEADERS that end the stream, without pseudo-headers', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	client.send(frame.headers(1, get('/trailers', ['te', 'trailers'])));
	const {trailers, body, fields} = await client.response(1);
	t.is(String(body), 'ok');
	t.deepEqual(trailers, [['x-sum', '1']]);
	t.false(fields.some(([name]) => name === 'transfer-encoding'));
});

test('8.1.1: HEAD is answered without a body, with the length that there would be', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	client.send(frame.headers(1, request('HEAD', '/size/1234')));
	const {status, fields, body} = await client.response(1);
	t.is(status, 200);
	t.deepEqual(
		fields.find(([name]) => name === 'content-length'),
		['content-length', '1234'],
	);
	t.is(body.length, 0);
});

for (const status of [204, 205, 304]) {
	test(`8.1.1: ${status} has no body, and ends the stream`, async t => {
		const client = await openRawHttp2(t, stage().tunnel);
		client.send(frame.headers(1, get(`/status/${status}`)));
		const response = await client.response(1);
		t.is(response.status, status);
		t.is(response.body.length, 0);
		t.false(response.fields.some(([name]) => name === 'transfer-encoding'));
		await expectAlive(t, client);
	});
}

test('8.3.2: a response has :status, once and first, and no reason phrase', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	for (const [index, status] of [200, 201, 299, 302, 404, 418, 500, 503, 599].entries()) {
		client.send(frame.headers(2 * index + 1, get(`/status/${status}`)));
		const response = await client.response(2 * index + 1);
		t.is(response.status, status);
		t.false(response.fields.some(([name]) => name.startsWith(':') || name.includes('reason')));
	}
});

test('8.1: a response that is complete before the request: RST_STREAM with NO_ERROR behind it', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	const close = ['x-close', 'yes'] as const;
	client.send(frame.headers(1, post('/closes', close), {endStream: false}), frame.data(1, 'half'));
	const {status, body} = await client.response(1);
	t.deepEqual([status, String(body)], [200, 'early']);
	const reset = await client.next({type: 'RST_STREAM', stream: 1});
	t.is(reset.code, 'NO_ERROR');
	// What the client had sent by then is for nobody.
	client.send(frame.data(1, 'the rest'), frame.data(1, '', {endStream: true}));
	await expectAlive(t, client);
	t.is(client.frames.filter(({type}) => type === 'RST_STREAM').length, 1);
});

test('8.1: a response that is complete before the request, from a backend that reads on', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	client.send(frame.headers(1, post('/head'), {endStream: false}), frame.data(1, 'half, '));
	t.is(String((await client.response(1)).body), 'early');
	client.send(frame.data(1, 'and half', {endStream: true}));
	await expectAlive(t, client);
	const resets = client.frames.filter(({type}) => type === 'RST_STREAM');
	t.true(resets.every(({code, stream}) => code === 'NO_ERROR' && stream === 1));
});

test('4.3: a head larger than a frame comes in CONTINUATION, with nothing in between', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	client.send(frame.headers(1, get('/large-head')), frame.headers(3, get('/size/60000')));
	const {fields} = await client.response(1);
	t.is(fields.filter(([name]) => name.startsWith('x-large-')).length, 10);
	await client.response(3);
	const start = client.frames.findIndex(({type, stream}) => type === 'HEADERS' && stream === 1);
	const block = client.frames.slice(start);
	const end = block.findIndex(({flags}) => (flags & 4) !== 0);
	t.true(end > 0);
	for (const [index, {type, stream, payload}] of block.slice(0, end + 1).entries()) {
		t.deepEqual([type, stream], [index === 0 ? 'HEADERS' : 'CONTINUATION', 1]);
		t.true(payload.length <= 16_384);
	}
});

test('8.4: nothing is pushed, even where that is allowed', async t => {
	const client = await openRawHttp2(t, stage().tunnel, {settings: [['ENABLE_PUSH', 1]]});
	client.send(frame.headers(1, get('/hints')));
	await client.response(1);
	await expectAlive(t, client);
	t.false(
		client.frames.some(
			({type, stream}) => type === 'PUSH_PROMISE' || (stream % 2 === 0 && stream > 0),
		),
	);
});
