import test from 'ava';
import {headEnd} from '../../../../lib/forward/wire/codec/head-end.js';
import {Malformed} from '../../../../lib/forward/wire/codec/octets.js';

const find = (text: string, start = 0, from = start) =>
	headEnd(Buffer.from(text, 'latin1'), start, from);

test('a head ends behind its empty line, whatever follows', t => {
	t.is(find('GET / HTTP/1.1\r\n\r\n'), 18);
	t.is(find('GET / HTTP/1.1\r\nA: 1\r\n\r\nbody\n\r\n\r\n'), 24);
});

test('a head that is not complete has no end', t => {
	const head = 'GET / HTTP/1.1\r\nA: 1\r\n\r\n';
	for (let length = 0; length < head.length; length++) {
		t.is(find(head.slice(0, length)), -1, `${length} octets`);
	}
});

test('looking goes on where it stopped', t => {
	const head = 'GET / HTTP/1.1\r\nA: 1\r\n\r\n';
	for (let from = 0; from < head.length; from++) {
		t.is(find(head, 0, from), head.length, `from ${from}`);
	}
});

test('what lies before a head is not taken for its end', t => {
	t.is(find('\r\n\r\nA\r\n', 4), -1);
	t.is(find('x\r\n\r\nA', 3), -1, 'a line break alone is no line and an empty one');
	t.is(find('x\r\n\r\n\r\n', 3), 7);
});

test('LF alone is no end of a line', t => {
	for (const text of ['\n', 'A\n', 'A\r\nB\n', 'A\r\n\n', 'A\n\r\n', 'A\r\r\nB\n\n']) {
		t.throws(() => find(text), {instanceOf: Malformed}, JSON.stringify(text));
	}
	t.throws(() => find('\r\nA', 1), {instanceOf: Malformed}, 'its CR lies before the head');
});
