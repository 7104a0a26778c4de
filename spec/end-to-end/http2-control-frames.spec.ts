import test from 'ava';
import {
	type Case,
	cases,
	connection,
	nothing,
	type Prelude,
	served,
	stream,
} from '../helpers/http2/cases.js';
import {openRawHttp2} from '../helpers/http2/client.js';
import {expectAlive, expectConnectionError} from '../helpers/http2/expect.js';
import {get, post} from '../helpers/http2/fields.js';
import {anyFrame, frame, uint32} from '../helpers/http2/frames.js';
import {flags, largest} from '../helpers/http2/names.js';
import {http2Stage} from '../helpers/http2/stage.js';

const stage = http2Stage();

const refused = connection('PROTOCOL_ERROR');
const held: Prelude = async client => client.send(frame.headers(1, get('/held')));

cases(stage, [
	[
		'6.7: an answer to a PING that was not sent is ignored',
		nothing,
		[frame.ping('unasked!', true)],
	],
	[
		'6.3: PRIORITY for a stream that is idle opens none',
		served(),
		[frame.priority(1, {dependsOn: 0, weight: 256}), frame.headers(1, get())],
	],
	[
		'6.3: PRIORITY for a stream far ahead closes none',
		served(),
		[frame.priority(99, {dependsOn: 3, weight: 1, exclusive: true}), frame.headers(1, get())],
	],
	[
		'5.3: PRIORITY that makes a stream depend on itself means nothing by now',
		nothing,
		[frame.priority(1, {dependsOn: 1})],
		held,
	],
	[
		'5.3: the priority in HEADERS means nothing by now',
		served(),
		[frame.headers(1, get(), {priority: {dependsOn: 0, weight: 256, exclusive: true}})],
	],
	[
		'5.3: HEADERS that depend on their own stream',
		served(),
		[frame.headers(1, get(), {priority: {dependsOn: 1}})],
	],
	[
		'5.3: HEADERS that depend on a stream far ahead',
		served(),
		[frame.headers(1, get(), {priority: {dependsOn: largest}})],
	],
	...([0, 2, 7, 8, 13, 14, 0xffff_ffff] as const).map(
		(code): Case => [`6.4: RST_STREAM with code ${code}`, nothing, [frame.reset(1, code)], held],
	),
	['6.4: RST_STREAM twice', nothing, [frame.reset(1), frame.reset(1)], held],
	['6.6: PUSH_PROMISE on a stream that is open', refused, [frame.pushPromise(1, 2, get())], held],
	['6.6: PUSH_PROMISE on a stream that is idle', refused, [frame.pushPromise(1, 2, get())]],
	[
		'6.6: PUSH_PROMISE of no octet',
		connection(['PROTOCOL_ERROR', 'FRAME_SIZE_ERROR']),
		[anyFrame('PUSH_PROMISE', flags.END_HEADERS, 1)],
	],
	...['u=0', 'u=7, i', 'i', '', 'u=9', 'what=else;p="x"', 'no,,dictionary', '\xff\x00'].map(
		(value): Case => [
			`RFC 9218, 7.1: PRIORITY_UPDATE with ${JSON.stringify(value)}`,
			nothing,
			[frame.priorityUpdate(1, value)],
			held,
		],
	),
	[
		'RFC 9218, 7.1: PRIORITY_UPDATE for a stream that is not yet open',
		served(),
		[frame.priorityUpdate(1, 'u=1'), frame.headers(1, get())],
	],
	[
		'RFC 9218, 7.1: PRIORITY_UPDATE for a stream that is closed',
		nothing,
		[frame.priorityUpdate(1, 'u=1')],
		async client => {
			client.send(frame.headers(1, get()));
			await client.response(1);
		},
	],
	['RFC 9218, 7.1: PRIORITY_UPDATE for stream 0', refused, [frame.priorityUpdate(0, 'u=1')]],
	[
		'RFC 9218, 7.1: PRIORITY_UPDATE for a push that there is not',
		refused,
		[frame.priorityUpdate(2, 'u=1')],
	],
	[
		'RFC 9218, 5: a priority in the head of a request',
		served(),
		[frame.headers(1, get('/', ['priority', 'u=1, i']))],
	],
	[
		'RFC 9218, 5: a priority that cannot be read',
		served(),
		[frame.headers(1, get('/', ['priority', 'u=((((']))],
	],
	[
		'6.1: DATA on a stream whose head was malformed, sent with it',
		stream(1, 'PROTOCOL_ERROR'),
		[
			frame.headers(1, post('/held', ['te', 'x']), {endStream: false}),
			frame.data(1, 'some'),
			frame.data(1, 'more', {endStream: true}),
		],
	],
]);

test('6.7: PING is answered with the same octets, in order, with ACK and on the connection', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	const sent = ['\0\0\0\0\0\0\0\0', 'sealport', '\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8', '12345678'];
	client.send(...sent.map(octets => frame.ping(octets)));
	for (const octets of sent) {
		const {ack, stream: on, payload} = await client.next({type: 'PING'});
		t.deepEqual([ack, on, payload.toString('latin1')], [true, 0, octets]);
	}
	await expectAlive(t, client);
	t.is(client.frames.filter(({type}) => type === 'PING').length, sent.length + 1);
});

test('6.7: PING is answered while a response waits for its window', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	client.send(frame.headers(1, get('/size/1000000')));
	await client.next({type: 'DATA', stream: 1});
	client.send(frame.ping('waiting!'));
	await client.next({type: 'PING', ack: true});
	t.false(client.frames.some(({endStream}) => endStream));
});

test('6.4: RST_STREAM lets go of the backend, and nothing more comes on the stream', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	client.send(frame.headers(1, get('/held?let-go')));
	const {gone} = await stage().seen('/held?let-go');
	client.send(frame.reset(1));
	await gone;
	await expectAlive(t, client);
	t.deepEqual(
		client.frames.filter(({stream: on}) => on === 1),
		[],
	);
});

test('6.4: a reset in the middle of a response ends it', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	client.send(frame.headers(1, get('/size/1000000')));
	await client.next({type: 'DATA', stream: 1});
	client.send(frame.reset(1));
	await expectAlive(t, client);
	const came = client.frames.filter(({stream: on}) => on === 1).length;
	client.send(frame.windowUpdate(0, 1_000_000), frame.windowUpdate(1, 1_000_000));
	await expectAlive(t, client);
	t.is(client.frames.filter(({stream: on}) => on === 1).length, came);
});

test('5.4.1: GOAWAY is the last frame, and says why; streams under way are not answered behind it', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	client.send(frame.headers(1, get('/held')), frame.headers(3, get('/size/10')));
	await client.response(3);
	client.send(anyFrame('WINDOW_UPDATE', 0, 0, uint32(0)), frame.headers(5, get('/behind-error')));
	const last = await expectConnectionError(t, client, 'PROTOCOL_ERROR');
	t.is(last, 3);
	t.is(client.frames.at(-1)?.type, 'GOAWAY');
	t.false(stage().hasSeen('/behind-error'));
});

test('5.4.1: other connections are not touched by the error of one', async t => {
	const other = await openRawHttp2(t, stage().tunnel);
	other.send(frame.headers(1, get('/held?other')));
	const {response} = await stage().seen('/held?other');
	const client = await openRawHttp2(t, stage().tunnel);
	client.send(frame.data(0, 'data'));
	await expectConnectionError(t, client, 'PROTOCOL_ERROR');
	response.end('fine');
	t.is(String((await other.response(1)).body), 'fine');
});
