import test from 'ava';
import {Malformed, TooLarge} from '../../../../lib/forward/wire/codec/octets.js';
import {
	type Expected,
	ResponseReader,
} from '../../../../lib/forward/wire/upstream/response-reader.js';
import {splits} from '../splits.js';
import {readResponse} from './recorder.js';

const once = (text: string, expected: Partial<Expected> = {}) =>
	readResponse(new ResponseReader(), [Buffer.from(text, 'latin1')], expected);

interface Case {
	readonly text: string;
	readonly method?: string;
	readonly status?: number;
	readonly framing: number | 'chunked' | 'close';
	/** Its body, as it is to go on. */
	readonly passed: string;
	/** The same with the chunks taken off: data and trailer section. */
	readonly data?: string;
	readonly reusable: boolean;
	readonly done?: boolean;
}

const ok = 'HTTP/1.1 200 OK\r\n';
const chunked = `${ok}Transfer-Encoding: chunked\r\n\r\n`;

const cases: Record<string, Case> = {
	'a body of a length': {
		text: `${ok}Content-Length: 5\r\n\r\nhello`,
		framing: 5,
		passed: 'hello',
		reusable: true,
	},
	'no body': {text: `${ok}Content-Length: 0\r\n\r\n`, framing: 0, passed: '', reusable: true},
	'a body in chunks': {
		text: `${chunked}5;x\r\nhello\r\n0\r\n\r\n`,
		framing: 'chunked',
		passed: '5;x\r\nhello\r\n0\r\n\r\n',
		data: 'hello',
		reusable: true,
	},
	'a body in chunks with trailers': {
		text: `${chunked}2\r\nab\r\n1\r\nc\r\n0\r\nA: 1\r\nHost: b\r\n\r\n`,
		framing: 'chunked',
		passed: '2\r\nab\r\n1\r\nc\r\n0\r\nA: 1\r\n\r\n',
		data: 'abcA: 1\r\n\r\n',
		reusable: true,
	},
	'a body that ends with the connection': {
		text: `${ok}\r\n0\r\n\r\nhello`,
		framing: 'close',
		passed: '0\r\n\r\nhello',
		reusable: false,
		done: false,
	},
	'the answer to HEAD': {
		text: `${ok}Content-Length: 5\r\n\r\n`,
		method: 'HEAD',
		framing: 0,
		passed: '',
		reusable: true,
	},
	'no content, said to be in chunks': {
		text: 'HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n',
		status: 204,
		framing: 0,
		passed: '',
		reusable: true,
	},
	'not modified, with the length that it would have': {
		text: 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n',
		status: 304,
		framing: 0,
		passed: '',
		reusable: true,
	},
	'a backend that closes': {
		text: `${ok}Connection: close\r\nContent-Length: 1\r\n\r\nx`,
		framing: 1,
		passed: 'x',
		reusable: false,
	},
	'HTTP/1.0 with a length': {
		text: 'HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx',
		framing: 1,
		passed: 'x',
		reusable: false,
	},
	'HTTP/1.0 without one': {
		text: 'HTTP/1.0 200 OK\r\n\r\nx',
		framing: 'close',
		passed: 'x',
		reusable: false,
		done: false,
	},
	'more than was announced': {
		text: `${ok}Content-Length: 1\r\n\r\nxHTTP/1.1 200 OK\r\n`,
		framing: 1,
		passed: 'x',
		reusable: false,
	},
	'more behind the last chunk': {
		text: `${chunked}0\r\n\r\n\r\n`,
		framing: 'chunked',
		passed: '0\r\n\r\n',
		data: '',
		reusable: false,
	},
	'a body with no content': {
		text: 'HTTP/1.1 204 No Content\r\n\r\nhello',
		status: 204,
		framing: 0,
		passed: '',
		reusable: false,
	},
	'a body to HEAD': {
		text: `${ok}Content-Length: 5\r\n\r\nhello`,
		method: 'HEAD',
		framing: 0,
		passed: '',
		reusable: false,
	},
	'fewer bytes than were announced': {
		text: `${ok}Content-Length: 6\r\n\r\nhello`,
		framing: 6,
		passed: 'hello',
		reusable: true,
		done: false,
	},
};

for (const [what, {text, method = 'GET', status = 200, done = true, ...rest}] of Object.entries(
	cases,
)) {
	test(`read through every split: ${what}`, t => {
		for (const parts of splits(text)) {
			for (const unchunk of [false, true]) {
				const outcome = readResponse(new ResponseReader(), parts, {method, unchunk});
				t.is(outcome.sink.status, status);
				t.is(outcome.sink.framing, rest.framing);
				t.is(outcome.passed, unchunk ? (rest.data ?? rest.passed) : rest.passed);
				t.is(outcome.done, done);
				t.is(outcome.reusable, rest.reusable);
			}
		}
	});
}

test('only what ends with its connection is complete when that ends', t => {
	const ended = (text: string) => {
		const reader = new ResponseReader();
		readResponse(reader, [Buffer.from(text)]);
		return reader.ended();
	};
	t.true(ended(`${ok}\r\n`));
	t.true(ended(`${ok}\r\nhello`));
	t.false(ended(''));
	t.false(ended(ok));
	t.false(ended('HTTP/1.1 100 Continue\r\n\r\n'));
	t.false(ended(`${ok}Content-Length: 2\r\n\r\nx`));
	t.false(ended(`${chunked}1\r\nx\r\n`));
	t.false(ended(`${chunked}0\r\n`));
	t.false(ended(`${chunked}0\r\nA: 1\r\n`));
});

test('one response after another on one connection, the same or not', t => {
	const texts = [
		`${ok}Content-Length: 1\r\n\r\nx`,
		`${ok}Content-Length: 2\r\n\r\nxy`,
		`${ok}Content-Length: 1\r\nA: 1\r\n\r\nz`,
		`${chunked}1\r\nx\r\n0\r\n\r\n`,
	];
	const reader = new ResponseReader();
	for (const first of texts) {
		for (const second of texts) {
			for (const parts of splits(second)) {
				readResponse(reader, [Buffer.from(first)]);
				const outcome = readResponse(reader, parts);
				t.true(outcome.done && outcome.reusable);
				t.is(outcome.sink.heads[0]?.bytes.toString() + outcome.passed, second);
			}
		}
	}
});

test('a head that came before is remembered, and framed by the request at hand', t => {
	const reader = new ResponseReader();
	const text = Buffer.from(`${ok}Content-Length: 2\r\n\r\n`);
	const head = readResponse(reader, [text], {method: 'HEAD'});
	const get = readResponse(reader, [text, Buffer.from('xy')]);
	t.is(get.sink.heads[0], head.sink.heads[0]);
	t.like(head, {done: true, passed: ''});
	t.like(get, {done: true, passed: 'xy'});
	t.is(get.sink.heads[0]?.bytes.buffer.byteLength, text.length);
});

test('a large head is not remembered', t => {
	const reader = new ResponseReader();
	const text = Buffer.from(`${ok}Content-Length: 0\r\nA: ${'a'.repeat(5000)}\r\n\r\n`);
	const first = readResponse(reader, [text]);
	t.not(readResponse(reader, [text]).sink.heads[0], first.sink.heads[0]);
});

test('trailers of one response are not those of the next', t => {
	const reader = new ResponseReader();
	readResponse(reader, [Buffer.from(`${chunked}0\r\nA: 1\r\n\r\n`)]);
	t.is(readResponse(reader, [Buffer.from(`${ok}Content-Length: 0\r\n\r\n`)]).passed, '');
});

const malformed: Record<string, string> = {
	'both lengths': `${ok}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n`,
	'no HTTP': '220 mail.example ESMTP\r\n\r\n',
	'LF alone': 'HTTP/1.1 200 OK\nContent-Length: 0\n\n',
	'an empty line before the head': `\r\n${ok}\r\n`,
	'a folded line': `${ok}A: 1\r\n b\r\n\r\n`,
	'a broken head behind an informational one': `HTTP/1.1 100 Continue\r\n\r\n${ok}A : 1\r\n\r\n`,
	'a chunk without a size': `${chunked}\r\nx`,
	'a chunk with a size that is none': `${chunked}1\r\nx\r\n-1\r\n`,
	'broken trailers': `${chunked}0\r\nA : 1\r\n\r\n`,
};

for (const [what, text] of Object.entries(malformed)) {
	test(`refused through every split: ${what}`, t => {
		for (const parts of splits(text)) {
			for (const unchunk of [false, true]) {
				t.throws(() => readResponse(new ResponseReader(), parts, {unchunk}), {
					instanceOf: Malformed,
				});
			}
		}
	});
}

test('a head is limited, complete or not', t => {
	const head = (size: number) => `${ok}A: ${'a'.repeat(size - ok.length - 7)}\r\n\r\n`;
	t.is(once(head(65_536)).sink.status, 200);
	t.throws(() => once(head(65_537)), {instanceOf: TooLarge});
	t.throws(() => once(head(70_000).slice(0, 65_537)), {instanceOf: TooLarge});
	const parts = [Buffer.from(head(70_000).slice(0, 40_000)), Buffer.alloc(30_000, 'a')];
	t.throws(() => readResponse(new ResponseReader(), parts), {instanceOf: TooLarge});
	t.throws(() => once(`${ok}${'A: 1\r\n'.repeat(1001)}\r\n`), {instanceOf: TooLarge});
});
