import test from 'ava';
import {anyFrame, frame} from '../../../../helpers/http2/frames.js';
import {follow, greeting, same} from './follow.js';

const bytes = (text: string) => Buffer.from(text);
const begin = (text: string, options = {}) =>
	frame.headers(1, bytes(text), {endHeaders: false, ...options});
const more = (text: string) => frame.continuation(1, bytes(text), false);
const last = (text: string) => frame.continuation(1, bytes(text));

test('a block is put together from its frames', t => {
	same(t, [begin('ab'), last('cd')], [['headers', 1, true, 'abcd']]);
	same(
		t,
		[begin('ab', {endStream: false}), more('cd'), last('ef')],
		[['headers', 1, false, 'abcdef']],
	);
	same(t, [begin(''), more('a'), last('')], [['headers', 1, true, 'a']]);
	same(t, [begin(''), last('')], [['headers', 1, true, '']]);
});

test('padding and priority of its first frame are no part of it', t => {
	same(
		t,
		[begin('ab', {padding: 3, priority: {dependsOn: 0}}), last('cd')],
		[['headers', 1, true, 'abcd']],
	);
});

test('flags of CONTINUATION but for END_HEADERS mean nothing', t => {
	same(
		t,
		[begin('a', {endStream: false}), anyFrame('CONTINUATION', 0xff, 1, '\x01b')],
		[['headers', 1, false, 'a\x01b']],
	);
});

test('blocks follow each other', t => {
	same(
		t,
		[begin('a'), last('b'), frame.headers(3, bytes('c')), begin('d'), more(''), last('e')],
		[
			['headers', 1, true, 'ab'],
			['headers', 3, true, 'c'],
			['headers', 1, true, 'de'],
		],
	);
});

test('refused: anything between the frames of a block', t => {
	const others = [
		frame.data(1, 'a'),
		frame.headers(1, bytes('a')),
		frame.headers(3, bytes('a')),
		frame.priority(1, {dependsOn: 0}),
		frame.reset(1),
		frame.settings(),
		frame.settingsAck(),
		frame.ping(),
		frame.goaway(),
		frame.windowUpdate(0, 1),
		frame.windowUpdate(1, 1),
		frame.continuation(3, bytes('a')),
		frame.priorityUpdate(1, 'u=1'),
		anyFrame(0xdd, 0, 0),
		anyFrame(0xdd, 0, 1),
	];
	for (const other of others) {
		same(t, [begin('a'), other, last('b')], [], 'PROTOCOL_ERROR');
		same(t, [begin('a'), more('b'), other, last('c')], [], 'PROTOCOL_ERROR');
	}
});

test('refused: CONTINUATION behind the end of a block', t => {
	const told = [['headers', 1, true, 'a']] as const;
	same(t, [frame.headers(1, bytes('a')), last('b')], told, 'PROTOCOL_ERROR');
	same(t, [begin(''), last('a'), last('b')], told, 'PROTOCOL_ERROR');
});

test('a block may be as large as was said, and no larger, in however many frames', t => {
	const most = (frames: readonly Buffer[], mostBlock: number) =>
		follow([greeting, ...frames], {mostBlock});
	const ways = [
		[frame.headers(1, bytes('abcdef'), {padding: 9, priority: {dependsOn: 0}})],
		[begin('abc', {padding: 9, priority: {dependsOn: 0}}), last('def')],
		[begin(''), more('abcd'), more('e'), last('f')],
	];
	for (const frames of ways) {
		t.deepEqual(most(frames, 6).told.slice(1), [['headers', 1, true, 'abcdef']]);
		t.is(most(frames, 6).error, undefined);
		t.is(most(frames, 5).error, 'ENHANCE_YOUR_CALM');
		t.is(most(frames, 5).told.length, 1);
	}
});

test('a block that would become too large is refused before it is there', t => {
	const {error} = follow([greeting, begin('ab'), anyFrame('CONTINUATION', 0, 1, '', 5)], {
		mostBlock: 6,
	});
	t.is(error, 'ENHANCE_YOUR_CALM');
});

test('a flood of CONTINUATION is refused, empty or not', t => {
	for (const text of ['', 'x']) {
		const flood = (count: number) => [greeting, begin('a'), ...Array(count).fill(more(text))];
		t.deepEqual(follow([...flood(40), last('z')]).told.slice(1), [
			['headers', 1, true, `a${text.repeat(40)}z`],
		]);
		t.is(follow(flood(100)).error, 'ENHANCE_YOUR_CALM');
	}
});
