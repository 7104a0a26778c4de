import test from 'ava';
import {Malformed} from '../../../../lib/forward/wire/codec/octets.js';
import {requestTrailers} from '../../../../lib/forward/wire/codec/pass-on.js';
import {PlainBody} from '../../../../lib/forward/wire/codec/plain-body.js';
import {splits} from '../splits.js';

for (const [what, text, data, tail] of [
	['no data', '0\r\n\r\n', '', undefined],
	['one chunk', '5\r\nhello\r\n0\r\n\r\n', 'hello', undefined],
	['several chunks', '1\r\na\r\n2;x="y"\r\nbc\r\n3\r\n\r\n0\r\n0\r\n\r\n', 'abc\r\n0', undefined],
	['trailers', '2\r\nxy\r\n0\r\nA: 1\r\nB: 2\r\n\r\n', 'xy', 'A: 1\r\nB: 2\r\n\r\n'],
	['trailers of which none may go on', '0\r\nHost: a\r\nX-Forwarded-For: b\r\n\r\n', '', undefined],
] as const) {
	test(`chunks are taken off, and what follows stays where it is: ${what}`, t => {
		for (const parts of splits(text)) {
			const body = new PlainBody(requestTrailers);
			let passed = '';
			for (const [index, part] of parts.entries()) {
				const behind = index === parts.length - 1 ? 'GET / HTTP/1.1' : '';
				const bytes = Buffer.concat([Buffer.from('head'), part, Buffer.from(behind)]);
				const stop = body.read(bytes, 4, bytes.length);
				t.is(stop, 4 + part.length);
				t.is(bytes.toString('latin1', 0, 4), 'head');
				t.is(bytes.toString('latin1', stop), behind);
				passed += bytes.toString('latin1', 4, body.passed);
			}
			t.true(body.done);
			t.is(passed, data);
			t.is(body.tail?.toString('latin1'), tail);
		}
	});
}

test('what is not in chunks is refused', t => {
	const bytes = Buffer.from('5\r\nhello!');
	t.throws(() => new PlainBody(requestTrailers).read(bytes, 0, bytes.length), {
		instanceOf: Malformed,
	});
});
