import test from 'ava';
import {anyFrame, frame} from '../../../../helpers/http2/frames.js';
import {
	type ErrorCode,
	type FrameType,
	frameTypes,
	preface,
} from '../../../../helpers/http2/names.js';
import {follow, greeting, same, splitsOf} from './follow.js';

const zeros = (length: number) => Buffer.alloc(length);

const refused: Record<string, [frame: Buffer, error: ErrorCode]> = {
	'DATA on no stream': [frame.data(0, 'a'), 'PROTOCOL_ERROR'],
	'DATA on no stream but for the reserved bit': [frame.data(0x8000_0000, 'a'), 'PROTOCOL_ERROR'],
	'padded DATA without the length of its padding': [anyFrame('DATA', 8, 1), 'FRAME_SIZE_ERROR'],
	'HEADERS on no stream': [frame.headers(0, zeros(3)), 'PROTOCOL_ERROR'],
	'padded HEADERS without the length of its padding': [
		anyFrame('HEADERS', 0xc, 1),
		'FRAME_SIZE_ERROR',
	],
	'HEADERS too short for its priority': [
		anyFrame('HEADERS', 0x24, 1, zeros(4)),
		'FRAME_SIZE_ERROR',
	],
	'HEADERS too short for padding and priority': [
		anyFrame('HEADERS', 0x2c, 1, zeros(5)),
		'FRAME_SIZE_ERROR',
	],
	'HEADERS with padding as long as the frame': [
		anyFrame('HEADERS', 0xc, 1, '\x03abc'.slice(0, 3)),
		'PROTOCOL_ERROR',
	],
	'HEADERS with padding that leaves no room for its priority': [
		anyFrame('HEADERS', 0x2c, 1, Buffer.from([2, 0, 0, 0, 0, 0, 0])),
		'PROTOCOL_ERROR',
	],
	'PRIORITY on no stream': [frame.priority(0, {dependsOn: 1}), 'PROTOCOL_ERROR'],
	'RST_STREAM on no stream': [frame.reset(0), 'PROTOCOL_ERROR'],
	'SETTINGS on a stream': [anyFrame('SETTINGS', 0, 1), 'PROTOCOL_ERROR'],
	'the acknowledgement of SETTINGS on a stream': [anyFrame('SETTINGS', 1, 1), 'PROTOCOL_ERROR'],
	'the acknowledgement of SETTINGS with settings': [
		anyFrame('SETTINGS', 1, 0, zeros(6)),
		'FRAME_SIZE_ERROR',
	],
	PUSH_PROMISE: [frame.pushPromise(1, 2, []), 'PROTOCOL_ERROR'],
	'PING on a stream': [anyFrame('PING', 0, 1, zeros(8)), 'PROTOCOL_ERROR'],
	'GOAWAY on a stream': [anyFrame('GOAWAY', 0, 1, zeros(8)), 'PROTOCOL_ERROR'],
	'CONTINUATION of nothing': [frame.continuation(1, zeros(1)), 'PROTOCOL_ERROR'],
	'CONTINUATION on no stream': [frame.continuation(0, zeros(1)), 'PROTOCOL_ERROR'],
	'PRIORITY_UPDATE on a stream': [frame.priorityUpdate(1, 'u=1', 1), 'PROTOCOL_ERROR'],
};

for (const [what, [bytes, error]] of Object.entries(refused)) {
	test(`refused through every split: ${what}`, t => {
		same(t, [bytes], [], error);
		same(t, [frame.ping(), bytes, frame.ping()], [['ping', false, 'sealport']], error);
		same(t, [bytes], [], error, {isServer: false});
	});
}

/** Lengths beside those that a frame may have. */
const lengths: ReadonlyArray<[type: FrameType, stream: number, lengths: readonly number[]]> = [
	['RST_STREAM', 1, [0, 3, 5, 8]],
	['SETTINGS', 0, [1, 5, 7, 11]],
	['PING', 0, [0, 7, 9, 16]],
	['GOAWAY', 0, [0, 4, 7]],
	['WINDOW_UPDATE', 0, [0, 3, 5]],
	['WINDOW_UPDATE', 1, [0, 3, 5]],
	['PRIORITY_UPDATE', 0, [0, 3]],
];

for (const [type, stream, wrong] of lengths) {
	test(`refused: ${type} on ${stream} with ${wrong.join(', ')} octets`, t => {
		for (const length of wrong) {
			same(t, [anyFrame(type, 0, stream, zeros(length))], [], 'FRAME_SIZE_ERROR');
		}
	});
}

test('refused: a frame over 16,384 octets, before it is there', t => {
	for (const [name, type] of Object.entries({...frameTypes, unknown: 0xab})) {
		const stream = ['DATA', 'HEADERS', 'PRIORITY', 'RST_STREAM'].includes(name) ? 1 : 0;
		for (const length of [16_385, 0xff_ffff]) {
			const head = anyFrame(type, 0, stream, '', length);
			const begun =
				name === 'CONTINUATION' ? [frame.headers(1, zeros(1), {endHeaders: false})] : [];
			const on = name === 'CONTINUATION' ? anyFrame(type, 0, 1, '', length) : head;
			t.is(follow([greeting, ...begun, on]).error, 'FRAME_SIZE_ERROR', `${name} ${length}`);
		}
	}
});

test('refused: padding of DATA as long as the frame or longer, as soon as it tells', t => {
	for (const [length, padding] of [
		[1, 1],
		[4, 4],
		[4, 255],
	] as const) {
		const payload = Buffer.alloc(length, 'x');
		payload[0] = padding;
		const told = [['dataBegins', 1, length, false]] as const;
		same(t, [anyFrame('DATA', 8, 1, payload)], told, 'PROTOCOL_ERROR');
		same(t, [anyFrame('DATA', 8, 1, payload.subarray(0, 1), length)], told, 'PROTOCOL_ERROR');
	}
});

test('PRIORITY of a wrong length is an error of its stream, and the others go on', t => {
	for (const length of [0, 4, 6, 300]) {
		same(
			t,
			[anyFrame('PRIORITY', 0, 7, zeros(length)), frame.ping()],
			[
				['streamError', 7, 'FRAME_SIZE_ERROR'],
				['ping', false, 'sealport'],
			],
		);
	}
});

test('refused: PRIORITY_UPDATE from a server', t => {
	same(t, [frame.priorityUpdate(1, 'u=1')], [], 'PROTOCOL_ERROR', {isServer: false});
});

test('refused at its first wrong octet: what is not the preface', t => {
	const requests = ['GET / HTTP/1.1\r\n\r\n', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\r', '\0'];
	for (const text of requests) {
		for (const parts of splitsOf(Buffer.from(text, 'latin1'))) {
			t.is(follow(parts).error, 'PROTOCOL_ERROR');
		}
	}
	for (let index = 0; index < preface.length; index++) {
		const wrong = Buffer.from(preface.subarray(0, index + 1));
		t.is(follow([wrong]).error, undefined);
		wrong[index] = wrong.readUInt8(index) ^ 1;
		t.is(follow([wrong]).error, 'PROTOCOL_ERROR');
	}
});

test('refused: a first frame that is not SETTINGS', t => {
	const others = [
		frame.settingsAck(),
		frame.ping(),
		frame.headers(1, zeros(1)),
		frame.data(1, 'a'),
		frame.windowUpdate(0, 1),
		frame.goaway(),
		anyFrame(0xee, 0, 0),
	];
	for (const other of others) {
		for (const parts of splitsOf(other)) {
			t.is(follow([preface, ...parts]).error, 'PROTOCOL_ERROR');
			t.is(follow(parts, {isServer: false}).error, 'PROTOCOL_ERROR');
			t.deepEqual(follow(parts, {isServer: false}).told, []);
		}
	}
});
