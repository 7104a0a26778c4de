import test from 'ava';
import {type Case, cases, connection, served, stream} from '../helpers/http2/cases.js';
import {openRawHttp2} from '../helpers/http2/client.js';
import {expectAlive} from '../helpers/http2/expect.js';
import {fieldBlock, get, indexed, literal, post} from '../helpers/http2/fields.js';
import {anyFrame, frame} from '../helpers/http2/frames.js';
import {http2Stage} from '../helpers/http2/stage.js';

const stage = http2Stage();

const refused = connection('PROTOCOL_ERROR');
const none = Buffer.alloc(0);
/** Small enough to come an octet a frame. */
const small = Buffer.concat([indexed(2), indexed(7), literal(1, 'localhost'), indexed(4)]);
const begun = frame.headers(1, small.subarray(0, 2), {endHeaders: false});
const rest = frame.continuation(1, small.subarray(2));

const between = {
	DATA: frame.data(1, 'data'),
	'DATA on another stream': frame.data(3, 'data'),
	'HEADERS on the same stream': frame.headers(1, get()),
	'HEADERS on another stream': frame.headers(3, get()),
	PRIORITY: frame.priority(1, {dependsOn: 0}),
	'PRIORITY on another stream': frame.priority(5, {dependsOn: 0}),
	RST_STREAM: frame.reset(1),
	SETTINGS: frame.settings(),
	'an acknowledgement of settings': frame.settingsAck(),
	PUSH_PROMISE: frame.pushPromise(1, 2, get()),
	PING: frame.ping(),
	GOAWAY: frame.goaway(),
	WINDOW_UPDATE: frame.windowUpdate(1, 1),
	'WINDOW_UPDATE on the connection': frame.windowUpdate(0, 1),
	PRIORITY_UPDATE: frame.priorityUpdate(1, 'u=1'),
	'a frame of a type nobody knows': anyFrame(0xfa, 0, 0),
	'a frame of a type nobody knows on the stream': anyFrame(0xfa, 4, 1),
	'CONTINUATION on another stream': frame.continuation(3, small.subarray(2)),
	'CONTINUATION on the connection': frame.continuation(0, small.subarray(2)),
};

cases(stage, [
	...Object.entries(between).flatMap(([what, bytes]): Case[] => [
		[`6.10: ${what} between HEADERS and CONTINUATION`, refused, [begun, bytes, rest]],
		[
			`6.10: ${what} between CONTINUATION and CONTINUATION`,
			refused,
			[begun, frame.continuation(1, none, false), bytes, rest],
		],
	]),
	['6.10: CONTINUATION first of all', refused, [frame.continuation(1, small)]],
	[
		'6.10: CONTINUATION behind a block that is complete',
		refused,
		[frame.headers(1, small, {endStream: false}), frame.continuation(1, none)],
	],
	[
		'6.10: CONTINUATION behind the last CONTINUATION',
		refused,
		[begun, rest, frame.continuation(1, none)],
	],
	[
		'6.10: CONTINUATION behind DATA',
		refused,
		[
			frame.headers(1, post('/held'), {endStream: false}),
			frame.data(1, 'data'),
			frame.continuation(1, none),
		],
	],
	[
		'6.10: HEADERS with no octet of the block',
		served(),
		[frame.headers(1, none, {endHeaders: false}), frame.continuation(1, small)],
	],
	[
		'6.10: a last CONTINUATION with no octet',
		served(),
		[frame.headers(1, small, {endHeaders: false}), frame.continuation(1, none)],
	],
	[
		'6.10: an octet in each of many CONTINUATION frames',
		served(),
		[
			frame.headers(1, none, {endHeaders: false}),
			...[...small.subarray(0, -1)].map(octet =>
				frame.continuation(1, Buffer.from([octet]), false),
			),
			frame.continuation(1, small.subarray(-1)),
		],
	],
	[
		'6.2: what is malformed in a block of many frames is an error of the stream',
		stream(1, 'PROTOCOL_ERROR'),
		[
			frame.headers(1, small, {endHeaders: false}),
			frame.continuation(1, fieldBlock([['Upper', 'case']]), false),
			frame.continuation(1, none),
		],
	],
	[
		'4.3: what cannot be decoded in a block of many frames',
		connection('COMPRESSION_ERROR'),
		[frame.headers(1, small, {endHeaders: false}), frame.continuation(1, indexed(70))],
	],
	[
		'6.10: trailers of more than one frame',
		served(),
		[
			frame.headers(1, post('/echo'), {endStream: false}),
			frame.data(1, 'body'),
			frame.headers(1, fieldBlock([['x-sum', '1']]).subarray(0, 3), {endHeaders: false}),
			frame.continuation(1, fieldBlock([['x-sum', '1']]).subarray(3)),
		],
	],
]);

test('6.10: HEADERS cut at each octet', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	const block = fieldBlock(get('/cut?1', ['x-cut', 'here']));
	const streams = Array.from({length: block.length + 1}, (_, index) => 2 * index + 1);
	for (const [index, on] of streams.entries()) {
		client.send(
			frame.headers(on, block.subarray(0, index), {endHeaders: false}),
			frame.continuation(on, block.subarray(index)),
		);
		if (index % 50 === 49) {
			await client.response(on);
		}
	}
	for (const on of streams) {
		t.is((await client.response(on)).status, 200);
	}
	await expectAlive(t, client);
});

test('6.10: END_STREAM stands in HEADERS, and holds behind CONTINUATION', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	const block = fieldBlock(post('/echo'));
	client.send(
		frame.headers(1, block.subarray(0, 9), {endHeaders: false, endStream: false}),
		frame.continuation(1, block.subarray(9)),
		frame.headers(3, block.subarray(0, 9), {endHeaders: false}),
		// END_STREAM has no meaning here.
		anyFrame('CONTINUATION', 5, 3, block.subarray(9)),
	);
	t.is(String((await client.response(3)).body), '');
	client.send(frame.data(1, 'body', {endStream: true}));
	t.is(String((await client.response(1)).body), 'body');
});

test('6.10: a block of the largest size that is taken', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	const long = Array.from(
		{length: 7},
		(_, index) => [`x-long-${index}`, 'v'.repeat(8_000)] as const,
	);
	const block = fieldBlock(get('/long', ...long));
	client.send(frame.headers(1, block.subarray(0, 16_000), {endHeaders: false}));
	for (let at = 16_000; at < block.length; at += 16_000) {
		client.send(
			frame.continuation(1, block.subarray(at, at + 16_000), at + 16_000 >= block.length),
		);
	}
	t.is((await client.response(1)).status, 200);
	const {request} = await stage().seen('/long');
	t.is(request.headers['x-long-6']?.length, 8_000);
});
