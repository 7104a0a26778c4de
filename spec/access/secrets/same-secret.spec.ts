import crypto from 'node:crypto';
import {syncBuiltinESMExports} from 'node:module';
import test from 'ava';
import {isOneOf, markOf} from '../../../lib/access/secrets/same-secret.js';

const {timingSafeEqual} = crypto;
const lengths: number[][] = [];

/** Notes what is compared in constant time. */
crypto.timingSafeEqual = (one, other) => {
	lengths.push([one.byteLength, other.byteLength]);
	return timingSafeEqual(one, other);
};
syncBuiltinESMExports();

test('one of them, wherever it stands, and nothing like it', t => {
	const marks = ['alice:first', 'bob:second', 'carol:third'].map(each => markOf(each));
	for (const text of ['alice:first', 'bob:second', 'carol:third']) {
		t.true(isOneOf(text, marks));
	}
	for (const text of ['', 'alice', 'alice:firs', 'alice:first ', 'Alice:first', 'alice:second']) {
		t.false(isOneOf(text, marks));
	}
	t.false(isOneOf('', []));
	t.true(isOneOf('a', [markOf('a'), markOf('a')]));
});

test('it is compared in constant time, with each of them, at one length whatever is given', t => {
	const marks = ['first', 'second', 'x'.repeat(100_000), 'first'].map(each => markOf(each));
	for (const text of ['first', 'second', 'none', '', 'ü', 'y'.repeat(100_000)]) {
		lengths.length = 0;
		isOneOf(text, marks);
		t.deepEqual(
			lengths,
			marks.map(() => [32, 32]),
			text.slice(0, 10),
		);
	}
});

test('a mark for one purpose is none for another', t => {
	t.notDeepEqual(markOf('secret'), markOf('secret', 'session'));
	t.false(isOneOf('secret', [markOf('secret', 'session')]));
});
