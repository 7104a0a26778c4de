import test from 'ava';
import {bodyReader} from '../../../../lib/forward/wire/codec/body.js';
import {lend, splits} from '../splits.js';

function follow(framing: number | 'chunked' | 'close', parts: readonly Buffer[]) {
	const body = bodyReader(framing, () => '');
	let consumed = 0;
	let passed = 0;
	for (const part of parts) {
		if (body.done) {
			break;
		}
		lend(part, (bytes, start, end) => {
			consumed += body.read(bytes, start, end) - start;
			passed += Math.max(0, body.passed - start);
		});
	}
	return {done: body.done, consumed, passed, tail: body.tail?.toString()};
}

test('a body of a known length ends there, however it comes', t => {
	for (const parts of splits('0123456789')) {
		for (let length = 1; length <= 10; length++) {
			t.deepEqual(follow(length, parts), {
				done: true,
				consumed: length,
				passed: length,
				tail: undefined,
			});
		}
		t.like(follow(11, parts), {done: false, consumed: 10, passed: 10});
	}
});

test('a body of no length is done before anything has come', t => {
	t.deepEqual(follow(0, [Buffer.from('abc')]), {
		done: true,
		consumed: 0,
		passed: 0,
		tail: undefined,
	});
	const body = bodyReader(0, () => '');
	t.is(body.read(Buffer.from('abc'), 1, 3), 1);
	t.is(body.passed, 1);
});

test('a body that ends with its connection takes everything', t => {
	for (const parts of splits('0\r\n\r\nabc')) {
		t.deepEqual(follow('close', parts), {done: false, consumed: 8, passed: 8, tail: undefined});
	}
});

test('a body in chunks ends with the last one, and its trailers are held back', t => {
	for (const parts of splits('1\r\na\r\n0\r\nA: 1\r\n\r\n')) {
		t.deepEqual(follow('chunked', parts), {done: true, consumed: 17, passed: 9, tail: '\r\n'});
	}
});

test('a body as long as can be counted is followed', t => {
	t.like(follow(Number.MAX_SAFE_INTEGER, [Buffer.from('abc')]), {done: false, passed: 3});
});
