import test from 'ava';
import {Malformed, TooLarge} from '../../../../lib/forward/wire/codec/octets.js';
import {splits} from '../splits.js';
import {follow} from './follow.js';

test('nothing of a trailer section is passed on before all of it has been seen', t => {
	const before = '1\r\nx\r\n0\r\n';
	const trailers = 'A: 1\r\nB: 2\r\n\r\n';
	for (let length = 0; length < trailers.length; length++) {
		t.is(follow([Buffer.from(before + trailers.slice(0, length))]).passed, before);
	}
});

test('of trailers, what is to be passed on goes behind the body', t => {
	const parts = [Buffer.from('0\r\nA: 1\r\nB: 2\r\n\r\nmore')];
	t.like(
		follow(parts, () => 'C: 3\r\n'),
		{passed: '0\r\n', tail: 'C: 3\r\n\r\n', consumed: 17},
	);
	t.is(follow(parts, () => '').tail, '\r\n');
});

test('what a look at the trailers throws is thrown', t => {
	const refuse = () => {
		throw new Malformed('no');
	};
	for (const parts of splits('0\r\nA: 1\r\n\r\n')) {
		t.throws(() => follow(parts, refuse), {instanceOf: Malformed, message: 'no'});
	}
});

test('trailers are limited in octets, complete or not', t => {
	const lines = `A: ${'1'.repeat(16 * 1024)}\r\n`;
	for (const text of [`0\r\n${lines}\r\n`, `0\r\n${lines}`]) {
		t.throws(() => follow([Buffer.from(text)]), {instanceOf: TooLarge});
		t.throws(() => follow([Buffer.from(text.slice(0, 9000)), Buffer.from(text.slice(9000))]), {
			instanceOf: TooLarge,
		});
	}
	const most = `A: ${'1'.repeat(16_000)}\r\n`;
	t.true(follow([Buffer.from(`0\r\n${most}\r\n`)]).done);
});

test('trailers are limited in number', t => {
	const body = (count: number) => [Buffer.from(`0\r\n${'A: 1\r\n'.repeat(count)}\r\n`)];
	t.true(follow(body(100)).done);
	t.throws(() => follow(body(101)), {instanceOf: TooLarge});
});

test('what lies behind a body does not count as its trailers', t => {
	const next = `GET / HTTP/1.1\r\nA: ${'1'.repeat(40_000)}\r\n\r\n`;
	for (const end of ['0\r\n\r\n', '0\r\nA: 1\r\n\r\n']) {
		const followed = follow([Buffer.from(end.slice(0, 4)), Buffer.from(end.slice(4) + next)]);
		t.like(followed, {done: true, consumed: end.length});
	}
});
