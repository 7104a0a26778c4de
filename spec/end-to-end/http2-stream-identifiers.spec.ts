import test from 'ava';
import {
	cases,
	connection,
	expectAllowed,
	nothing,
	type Prelude,
	served,
} from '../helpers/http2/cases.js';
import {openRawHttp2} from '../helpers/http2/client.js';
import {expectConnectionError, settled} from '../helpers/http2/expect.js';
import {fieldBlock, get, indexed, literal, post} from '../helpers/http2/fields.js';
import {anyFrame, frame, uint32} from '../helpers/http2/frames.js';
import {flags, largest} from '../helpers/http2/names.js';
import {http2Stage} from '../helpers/http2/stage.js';

const stage = http2Stage();

const refused = connection('PROTOCOL_ERROR');
const none = Buffer.alloc(0);
const five: Prelude = async client => {
	client.send(frame.headers(5, get()));
	await client.response(5);
};

cases(stage, [
	['5.1.1: the first stream need not be 1', served(77), [frame.headers(77, get())]],
	['5.1.1: numbers may be left out', served(9), [frame.headers(9, get())], five],
	['5.1.1: an even number', refused, [frame.headers(2, get('/even'))]],
	['5.1.1: an even number behind odd ones', refused, [frame.headers(6, get('/even'))], five],
	['5.1.1: a number that is lower than the last', refused, [frame.headers(3, get('/low'))], five],
	[
		'5.1.1: the number of a stream that has been answered',
		{connection: ['PROTOCOL_ERROR', 'STREAM_CLOSED'], stream: [5, 'STREAM_CLOSED']},
		[frame.headers(5, get('/used'))],
		five,
	],
	['5.1.1: HEADERS on 0', refused, [frame.headers(0, get('/zero'))]],
	['6.1: DATA on 0', refused, [frame.data(0, 'data')]],
	['6.1: DATA on an even number', refused, [frame.data(2, 'data')]],
	['6.3: PRIORITY on 0', refused, [frame.priority(0, {dependsOn: 1})]],
	['6.4: RST_STREAM on 0', refused, [frame.reset(0)]],
	['6.4: RST_STREAM on an even number', refused, [frame.reset(2)]],
	['6.5: SETTINGS on a stream', refused, [anyFrame('SETTINGS', 0, 1)]],
	['6.5: an acknowledgement on a stream', refused, [anyFrame('SETTINGS', flags.ACK, 1)]],
	['6.6: PUSH_PROMISE on 0', refused, [frame.pushPromise(0, 2, get())]],
	['6.7: PING on a stream', refused, [anyFrame('PING', 0, 1, Buffer.alloc(8))]],
	['6.8: GOAWAY on a stream', refused, [anyFrame('GOAWAY', 0, 1, Buffer.alloc(8))]],
	['6.9: WINDOW_UPDATE on an even number', refused, [frame.windowUpdate(2, 1)]],
	['6.10: CONTINUATION on 0', refused, [frame.continuation(0, none)]],
	[
		'RFC 9218, 7.1: PRIORITY_UPDATE on a stream',
		refused,
		[anyFrame('PRIORITY_UPDATE', 0, 1, uint32(1))],
	],
]);

test('5.1.1: the largest number, behind which no other comes', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	client.send(frame.headers(largest, get()));
	t.is((await client.response(largest)).status, 200);
	await settled(client);
	client.send(frame.headers(largest - 2, get('/behind-largest')));
	await expectConnectionError(t, client, 'PROTOCOL_ERROR');
	t.false(stage().hasSeen('/behind-largest'));
});

test('6.8: GOAWAY for an error names the last stream that may have been acted upon', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	client.send(frame.headers(7, get()));
	await client.response(7);
	client.send(anyFrame('PING', 0, 1, Buffer.alloc(8)));
	const last = await expectConnectionError(t, client, 'PROTOCOL_ERROR');
	t.true(last >= 7 && last < 9, String(last));
});

const most = 128;
const held = Array.from({length: most}, (_, index) =>
	frame.headers(2 * index + 1, post('/held'), {endStream: false}),
);
const over = 2 * most + 1;

test('5.1.2: as many streams as the server says are held, and one more is refused', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	client.send(...held, frame.headers(over, get('/over')));
	const {code} = await client.next({type: 'RST_STREAM', stream: over});
	t.is(code, 'REFUSED_STREAM');
	t.false(stage().hasSeen('/over'));
	await settled(client);
	client.send(frame.reset(1), frame.headers(over + 2, get('/beside')));
	t.is((await client.response(over + 2)).status, 200);
	t.is(client.frames.filter(({type}) => type === 'RST_STREAM' || type === 'GOAWAY').length, 1);
});

test('5.1.2: a stream that the server resets makes room', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	client.send(...held, frame.headers(1, [['x-trailer', '1']], {endStream: false}));
	t.is((await client.next({type: 'RST_STREAM', stream: 1})).code, 'PROTOCOL_ERROR');
	client.send(frame.headers(over, get()));
	t.is((await client.response(over)).status, 200);
});

test('5.1.2: a stream that is answered makes room', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	client.send(...held.slice(1), frame.headers(over, post('/echo'), {endStream: false}));
	client.send(frame.data(over, 'body', {endStream: true}));
	t.is(String((await client.response(over)).body), 'body');
	client.send(frame.headers(over + 2, get()));
	t.is((await client.response(over + 2)).status, 200);
});

test('5.1.2: streams that are idle, or that only PRIORITY has named, do not count', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	const named = held.map((_, index) => frame.priority(2 * index + 1, {dependsOn: 0}));
	client.send(...named, frame.headers(over, get()));
	await expectAllowed(t, client, {...nothing, ...served(over)});
});

test('4.3: the field block of a stream that is refused counts for the ones behind it', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	const taught = Buffer.concat([
		fieldBlock(get('/refused')),
		literal('x-taught', 'yes', 'indexing'),
	]);
	client.send(...held, frame.headers(over, taught));
	await client.next({type: 'RST_STREAM', stream: over});
	const used = Buffer.concat([fieldBlock(get('/behind-refused')), indexed(62)]);
	client.send(frame.reset(1), frame.headers(over + 2, used));
	await client.response(over + 2);
	const {request} = await stage().seen('/behind-refused');
	t.is(request.headers['x-taught'], 'yes');
});

test('5.1.2: what comes on a stream that is refused is for nobody, and no further error', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	client.send(
		...held,
		frame.headers(over, post('/refused'), {endStream: false}),
		frame.data(over, 'body'),
		frame.windowUpdate(over, 1),
		frame.headers(over, [['x-sum', '1']]),
		frame.reset(1),
	);
	t.is((await client.next({type: 'RST_STREAM', stream: over})).code, 'REFUSED_STREAM');
	await expectAllowed(t, client, nothing, client.frames.length);
	t.false(stage().hasSeen('/refused'));
});
