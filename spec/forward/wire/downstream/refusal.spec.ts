import test from 'ava';
import {ProxyError} from '../../../../lib/errors.js';
import {Malformed, TooLarge} from '../../../../lib/forward/wire/codec/octets.js';
import {refusalOf} from '../../../../lib/forward/wire/downstream/refusal.js';

test('what is not HTTP/1.1 is said to be so, and why', t => {
	const cause = new Malformed('a line ends with LF alone');
	const refusal = refusalOf(cause);
	t.like(refusal, {code: 'request-malformed', source: 'downstream', cause});
	t.regex(refusal.message, /a line ends with LF alone$/);
});

test('what is too large is said to be so', t => {
	const refusal = refusalOf(new TooLarge('it has more than 5 octets'));
	t.like(refusal, {code: 'head-too-large', source: 'downstream'});
	t.regex(refusal.message, /it has more than 5 octets$/);
});

test('a refusal stays what it is', t => {
	const refusal = new ProxyError('name-not-served', 'downstream', 'no');
	t.is(refusalOf(refusal), refusal);
});

test('a fault of our own is not blamed on the client, and not told to it', t => {
	for (const cause of [new TypeError('x is not a function'), 'text', undefined]) {
		const refusal = refusalOf(cause);
		t.like(refusal, {code: 'request-malformed', source: 'internal'});
		t.notRegex(refusal.message, /function|text/);
	}
});
