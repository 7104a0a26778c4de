import test from 'ava';
import {anyFrame, frame} from '../../../../helpers/http2/frames.js';
import {largest, preface} from '../../../../helpers/http2/names.js';
import {follow, greeting, same, splitsOf, type Told} from './follow.js';

const block = Buffer.from('block');
const top = 0x8000_0000;

const understood: Record<string, [frames: readonly Buffer[], told: readonly Told[]]> = {
	DATA: [
		[frame.data(1, 'hello')],
		[
			['dataBegins', 1, 5, false],
			['dataEnds', 1, 'hello', false],
		],
	],
	'DATA that ends its stream': [
		[frame.data(3, 'ab', {endStream: true})],
		[
			['dataBegins', 3, 2, true],
			['dataEnds', 3, 'ab', true],
		],
	],
	'DATA without data': [
		[frame.data(1, ''), frame.data(1, '', {endStream: true})],
		[
			['dataBegins', 1, 0, false],
			['dataEnds', 1, '', false],
			['dataBegins', 1, 0, true],
			['dataEnds', 1, '', true],
		],
	],
	'padded DATA, of which flow control counts everything': [
		[frame.data(1, 'abc', {padding: 4}), frame.data(1, 'd', {padding: 0, endStream: true})],
		[
			['dataBegins', 1, 8, false],
			['dataEnds', 1, 'abc', false],
			['dataBegins', 1, 2, true],
			['dataEnds', 1, 'd', true],
		],
	],
	'DATA that is all padding': [
		[frame.data(1, '', {padding: 6}), frame.data(1, '', {padding: 0})],
		[
			['dataBegins', 1, 7, false],
			['dataEnds', 1, '', false],
			['dataBegins', 1, 1, false],
			['dataEnds', 1, '', false],
		],
	],
	'padding that is not zero': [
		[anyFrame('DATA', 0x8, 1, '\x02abxy'), anyFrame('HEADERS', 0xc, 3, '\x02abxy')],
		[
			['dataBegins', 1, 5, false],
			['dataEnds', 1, 'ab', false],
			['headers', 3, false, 'ab'],
		],
	],
	HEADERS: [
		[frame.headers(1, block), frame.headers(largest, block, {endStream: false})],
		[
			['headers', 1, true, 'block'],
			['headers', largest, false, 'block'],
		],
	],
	'HEADERS of an empty block': [[frame.headers(1, Buffer.alloc(0))], [['headers', 1, true, '']]],
	'padded HEADERS': [
		[frame.headers(1, block, {padding: 3}), frame.headers(3, block, {padding: 0})],
		[
			['headers', 1, true, 'block'],
			['headers', 3, true, 'block'],
		],
	],
	'HEADERS that is all padding': [
		[frame.headers(1, Buffer.alloc(0), {padding: 5})],
		[['headers', 1, true, '']],
	],
	'HEADERS with a priority': [
		[
			frame.headers(3, block, {priority: {dependsOn: 1, exclusive: true, weight: 256}}),
			frame.headers(5, block, {priority: {dependsOn: 0}, padding: 2, endStream: false}),
		],
		[
			['headers', 3, true, 'block'],
			['headers', 5, false, 'block'],
		],
	],
	'HEADERS that depends on itself: the tree means nothing any more': [
		[frame.headers(3, block, {priority: {dependsOn: 3}})],
		[['headers', 3, true, 'block']],
	],
	PRIORITY: [
		[frame.priority(5, {dependsOn: 1}), frame.priority(5, {dependsOn: 5})],
		[
			['ignored', 2, 5],
			['ignored', 2, 5],
		],
	],
	RST_STREAM: [
		[frame.reset(1, 'CANCEL'), frame.reset(3, 0xffff_fffe)],
		[
			['reset', 1, 8],
			['reset', 3, 0xffff_fffe],
		],
	],
	SETTINGS: [
		[frame.settings([['INITIAL_WINDOW_SIZE', 7]]), frame.settings(), frame.settingsAck()],
		[['settings', '000400000007'], ['settings', ''], ['settingsAck']],
	],
	PING: [
		[frame.ping('12345678'), frame.ping('\0\xff345678', true)],
		[
			['ping', false, '12345678'],
			['ping', true, '\0\xff345678'],
		],
	],
	GOAWAY: [
		[frame.goaway(5, 'NO_ERROR', 'tired'), frame.goaway(top + largest, 0xffff_ffff)],
		[
			['goaway', 5, 0],
			['goaway', largest, 0xffff_ffff],
		],
	],
	WINDOW_UPDATE: [
		[
			frame.windowUpdate(0, largest),
			frame.windowUpdate(3, 1),
			frame.windowUpdate(5, 0),
			frame.windowUpdate(0, top),
		],
		[
			['windowUpdate', 0, largest],
			['windowUpdate', 3, 1],
			['windowUpdate', 5, 0],
			['windowUpdate', 0, 0],
		],
	],
	PRIORITY_UPDATE: [
		[frame.priorityUpdate(7, 'u=1, i'), frame.priorityUpdate(top + 9, '')],
		[
			['priorityUpdate', 7, 'u=1, i'],
			['priorityUpdate', 9, ''],
		],
	],
	'frames that nobody knows, wherever they are': [
		[
			anyFrame(0x0b, 0xff, 0, 'what'),
			anyFrame(0x0f, 0, 2, ''),
			anyFrame(0xff, 0, largest, Buffer.alloc(70)),
			frame.ping(),
		],
		[
			['ignored', 0x0b, 0],
			['ignored', 0x0f, 2],
			['ignored', 0xff, largest],
			['ping', false, 'sealport'],
		],
	],
	'flags that mean nothing': [
		[
			anyFrame('DATA', 0xf6, 1, 'a'),
			anyFrame('HEADERS', 0xd6, 1, block),
			anyFrame('PING', 0xfe, 0, '12345678'),
			anyFrame('RST_STREAM', 0xff, 1, Buffer.alloc(4)),
			anyFrame('SETTINGS', 0xfe, 0, ''),
			anyFrame('WINDOW_UPDATE', 0xff, 1, Buffer.alloc(4)),
			anyFrame('GOAWAY', 0xff, 0, Buffer.alloc(8)),
		],
		[
			['dataBegins', 1, 1, false],
			['dataEnds', 1, 'a', false],
			['headers', 1, false, 'block'],
			['ping', false, '12345678'],
			['reset', 1, 0],
			['settings', ''],
			['windowUpdate', 1, 0],
			['goaway', 0, 0],
		],
	],
	'the reserved bit, which means nothing': [
		[
			frame.data(top + 1, 'a'),
			frame.headers(top + 3, block),
			frame.reset(top + 1),
			anyFrame('PING', 0, top, '12345678'),
			frame.windowUpdate(1, top + 5),
		],
		[
			['dataBegins', 1, 1, false],
			['dataEnds', 1, 'a', false],
			['headers', 3, true, 'block'],
			['reset', 1, 8],
			['ping', false, '12345678'],
			['windowUpdate', 1, 5],
		],
	],
};

for (const [what, [frames, told]] of Object.entries(understood)) {
	test(`read the same through every split: ${what}`, t => {
		same(t, frames, told);
	});
}

test('all of them one after the other, through every split', t => {
	const cases = Object.values(understood);
	same(
		t,
		cases.flatMap(([frames]) => frames),
		cases.flatMap(([, told]) => told),
	);
});

test('frames of the largest size are read', t => {
	const most = 16_384;
	const text = 'x'.repeat(most);
	const {told, error} = follow([
		greeting,
		frame.data(1, text),
		frame.headers(3, Buffer.from(text)),
		frame.settings(Array.from({length: 2730}, () => [0x99, 0])),
		anyFrame('GOAWAY', 0, 0, Buffer.alloc(most)),
		anyFrame(0xbb, 0, 0, text),
	]);
	t.is(error, undefined);
	t.deepEqual(
		told.map(([what]) => what),
		['settings', 'dataBegins', 'dataEnds', 'headers', 'settings', 'goaway', 'ignored'],
	);
	t.is(told[2]?.[2], text);
	t.is(told[3]?.[3], text);
});

test('data is handed over as it comes, and where it lies', t => {
	const bytes = Buffer.concat([greeting, frame.data(1, 'abcdefgh', {padding: 2})]);
	const {told} = follow([bytes.subarray(0, -4)]);
	t.deepEqual(told.slice(1), [['dataBegins', 1, 11, false]], 'a frame begins before it is there');
	t.false(follow([bytes.subarray(0, -4)]).incomplete, 'what waits for data is told apart');
});

test('the client begins with its preface and SETTINGS', t => {
	for (const parts of splitsOf(Buffer.concat([preface, frame.settings([[9, 1]])]))) {
		t.deepEqual(follow(parts), {
			told: [['settings', '000900000001']],
			error: undefined,
			incomplete: false,
		});
	}
});

test('the server begins with SETTINGS', t => {
	const {told, error} = follow([frame.settings([[3, 100]])], {isServer: false});
	t.deepEqual([told, error], [[['settings', '000300000064']], undefined]);
});

test('whether something is incomplete', t => {
	const frames = [
		frame.settings([[3, 1]]),
		frame.headers(1, block, {endHeaders: false}),
		frame.continuation(1, block, false),
		frame.continuation(1, block),
		frame.data(1, 'abc', {padding: 2}),
		anyFrame(0xcc, 0, 0, 'unknown'),
		frame.ping(),
	];
	const bytes = Buffer.concat([preface, ...frames]);
	const whole = new Set([0, preface.length]);
	let at = preface.length;
	for (const each of frames) {
		const isWithinBlock = each === frames[1] || each === frames[2];
		for (let index = 9; each === frames[4] && index < each.length; index++) {
			whole.add(at + index);
		}
		at += each.length;
		if (!isWithinBlock) {
			whole.add(at);
		}
	}
	for (let length = 0; length <= bytes.length; length++) {
		t.is(follow([bytes.subarray(0, length)]).incomplete, !whole.has(length), `${length} octets`);
	}
});
