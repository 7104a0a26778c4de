import test from 'ava';
import {ProxyError} from '../../../../lib/errors.js';
import {Malformed, TooLarge} from '../../../../lib/forward/wire/codec/octets.js';
import {HeadReader} from '../../../../lib/forward/wire/downstream/head-reader.js';
import type {Prepared} from '../../../../lib/forward/wire/downstream/prepared.js';
import {clientAt, snapshotOf} from '../snapshot.js';
import {lend, splits} from '../splits.js';

const snapshot = snapshotOf();
const limits = {headSize: 1000, fields: 10};
const open = () => new HeadReader(limits, clientAt('127.0.0.1'));

const get = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

/** Reads one head, its bytes being lent only for the call. */
function read(reader: HeadReader, text: string, conf = snapshot): Prepared | undefined {
	return lend(Buffer.from(text, 'latin1'), (bytes, start, end) =>
		reader.read(bytes.subarray(0, end), start, conf),
	);
}

/** Gives the reader more and more, as a connection does, until it has a head. */
function readParts(reader: HeadReader, parts: readonly Buffer[]): Prepared | undefined {
	let all = '';
	for (const part of parts) {
		all += part.toString('latin1');
		const prepared = read(reader, all);
		if (prepared !== undefined) {
			return prepared;
		}
	}
	return undefined;
}

const text = (prepared: Prepared | undefined) => prepared?.head.bytes.toString('latin1');
const planned = (prepared: Prepared | undefined) =>
	prepared === undefined || prepared.plan instanceof ProxyError
		? undefined
		: prepared.outgoing.toString('latin1').split('X-Forwarded')[0];

test('a head is read however it is split, after any other', t => {
	const heads = [get, 'POST /b HTTP/1.0\r\nHost: b\r\nContent-Length: 5\r\n\r\n', `\r\n${get}`];
	for (const head of heads) {
		for (const before of [undefined, ...heads]) {
			for (const parts of splits(head)) {
				const reader = open();
				if (before !== undefined) {
					read(reader, before);
				}
				t.is(text(readParts(reader, parts)), head.trimStart());
			}
		}
	}
});

test('what lies behind a head is not looked at', t => {
	const reader = open();
	for (const more of ['', 'body\n', '\n\n', `${'x'.repeat(2000)}`]) {
		const prepared = read(reader, get + more);
		t.is(text(prepared), get);
		t.is(reader.end, 3 + get.length);
	}
});

test('a head that came before is remembered, with what is to become of it', t => {
	const reader = open();
	const first = read(reader, get);
	t.is(read(reader, get), first);
	t.is(read(reader, `${get}more`), first);
	t.is(reader.end, 3 + get.length);
	t.is(readParts(reader, [Buffer.from(get.slice(0, 9)), Buffer.from(get.slice(9))]), first);
});

test('a head that only resembles the last one is read afresh', t => {
	const longer = 'GET / HTTP/1.1\r\nHost: a\r\nB: 1\r\n\r\n';
	const shorter = 'GET / HTTP/1.1\r\n\r\n';
	const others = [longer, shorter, get.replace('Host: a', 'Host: b'), get.replace('/', '/b')];
	for (const other of others) {
		const reader = open();
		read(reader, get);
		t.is(text(read(reader, other)), other);
		t.is(text(read(reader, get)), get);
	}
});

test('the beginning of the head that is remembered is no head', t => {
	const reader = open();
	read(reader, get);
	for (let length = 0; length < get.length; length++) {
		t.is(read(reader, get.slice(0, length)), undefined);
	}
	t.is(text(read(reader, get)), get);
});

test('after the beginning of a head, a remembered one is looked at from its beginning again', t => {
	const reader = open();
	read(reader, get);
	t.is(read(reader, get.slice(0, -1)), undefined);
	t.is(text(read(reader, get)), get);
	// Shorter than what has been looked at before.
	const short = 'GET / HTTP/1.1\r\nA:b\r\n\r\n';
	t.is(text(read(reader, `${short}${get}`)), short);
	t.is(reader.end, 3 + short.length);
});

test('with another configuration, the same head is planned afresh', t => {
	const reader = open();
	const other = snapshotOf({base: '/base'});
	t.is(planned(read(reader, get)), 'GET / HTTP/1.1\r\nHost: a\r\n');
	t.is(planned(read(reader, get, other)), 'GET /base/ HTTP/1.1\r\nHost: a\r\n');
	t.is(read(reader, get, other)?.snapshot, other);
	t.is(planned(read(reader, get)), 'GET / HTTP/1.1\r\nHost: a\r\n');
});

test('a head that is refused is remembered as refused', t => {
	const reader = open();
	for (let time = 0; time < 3; time++) {
		const prepared = read(reader, 'GET / HTTP/1.1\r\n\r\n');
		t.like(prepared, {plan: {code: 'request-malformed'}, closes: true, requested: {host: ''}});
	}
	t.is(planned(read(reader, get)), 'GET / HTTP/1.1\r\nHost: a\r\n');
});

test('a large head is not remembered', t => {
	const reader = new HeadReader({headSize: 10_000, fields: 10}, clientAt(''));
	const large = `GET / HTTP/1.1\r\nHost: a\r\nB: ${'1'.repeat(5000)}\r\n\r\n`;
	const first = read(reader, large);
	t.not(read(reader, large), first);
	t.is(text(read(reader, large)), large);
});

test('what is remembered keeps no memory but its own', t => {
	const reader = open();
	const prepared = read(reader, get);
	t.is(prepared?.head.bytes.buffer.byteLength, get.length);
});

test('one empty line before a head is passed over, and no second one', t => {
	const reader = open();
	t.is(text(read(reader, `\r\n${get}`)), get);
	t.is(reader.end, 5 + get.length);
	for (const parts of splits(`\r\n\r\n${get}`)) {
		t.throws(() => readParts(open(), parts), {instanceOf: Malformed});
	}
});

const malformed: Record<string, string> = {
	'LF alone behind the request line': 'GET / HTTP/1.1\nHost: a\r\n\r\n',
	'LF alone before it': `\n${get}`,
	'LF alone for the empty line': 'GET / HTTP/1.1\r\nHost: a\r\n\n',
	'CR alone before the request line': `\r${get}`,
	'CR alone within a line': 'GET / HTTP/1.1\r\nHost: a\rB: 1\r\n\r\n',
	'HTTP/0.9': 'GET /\r\n',
	'another protocol': 'EHLO a\r\n',
	'a folded line': 'GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n',
};

for (const [what, head] of Object.entries(malformed)) {
	test(`refused through every split: ${what}`, t => {
		for (const parts of splits(head)) {
			t.throws(() => readParts(open(), parts), {instanceOf: Malformed});
		}
	});
}

test('what cannot become HTTP/1.1 is refused with its first line', t => {
	for (const line of ['HELO\r\n', 'GET / HTTP/2.0\r\n', '\r\nGET /\r\n']) {
		t.throws(() => read(open(), line), {instanceOf: Malformed}, line);
	}
	t.is(read(open(), 'GET / HTTP/1.1\r\n'), undefined);
});

test('a head may be as large as is allowed, and not larger, complete or not', t => {
	const sized = (size: number) => {
		const [before, after] = ['GET / HTTP/1.1\r\nHost: a\r\nB: ', '\r\n\r\n'];
		return before + 'b'.repeat(size - before.length - after.length) + after;
	};
	for (const before of ['', '\r\n']) {
		t.is(text(read(open(), before + sized(1000))), sized(1000));
		t.is(text(read(open(), `${before}${sized(1000)}more`)), sized(1000));
		t.throws(() => read(open(), before + sized(1001)), {instanceOf: TooLarge});
		t.is(read(open(), before + sized(2000).slice(0, 1000)), undefined);
		t.throws(() => read(open(), before + sized(2000).slice(0, 1001)), {instanceOf: TooLarge});
	}
	t.throws(() => read(open(), 'x'.repeat(1001)), {instanceOf: TooLarge}, 'not even one line');
});

test('a head may have as many fields as are allowed, and not more', t => {
	const head = (fields: number) =>
		`GET / HTTP/1.1\r\nHost: a\r\n${'A: 1\r\n'.repeat(fields - 1)}\r\n`;
	t.truthy(read(open(), head(10)));
	t.throws(() => read(open(), head(11)), {instanceOf: TooLarge});
});

test('a client says whether it wants its connection closed', t => {
	const closes = (head: string) => read(open(), `${head}\r\nHost: a\r\n\r\n`)?.closes;
	t.false(closes('GET / HTTP/1.1'));
	t.true(closes('GET / HTTP/1.1\r\nConnection: x, Close'));
	t.true(closes('GET / HTTP/1.0'));
	t.false(closes('GET / HTTP/1.0\r\nConnection: Keep-Alive'));
	t.true(closes('GET / HTTP/1.0\r\nConnection: keep-alive, close'));
	t.true(closes('CONNECT a:1 HTTP/1.1'), 'what follows may be for another protocol');
});

test('a refusal that is no fault of the request leaves the connection open', t => {
	const none = snapshotOf({path: '/none'});
	t.like(read(open(), get, none), {
		plan: {code: 'route-missing'},
		closes: false,
		requested: {host: 'a'},
	});
});
