import test from 'ava';
import {Malformed, TooLarge} from '../../../../../lib/forward/wire/codec/octets.js';
import {ConnectionError} from '../../../../../lib/forward/wire/http2/framing/errors.js';
import {FieldBlocks} from '../../../../../lib/forward/wire/http2/upstream/field-blocks.js';
import {fieldBlock, indexed, literal} from '../../../../helpers/http2/fields.js';

const read = (blocks: FieldBlocks, block: Buffer) => blocks.head(block, 0, block.length);

test('a head is what HTTP/1.1 has: order, repetition and octets beyond ASCII stay', t => {
	const fields = [
		[':status', '200'],
		['x-b', '1'],
		['set-cookie', 'a=1'],
		['x-b', 'gr\xfc\xdfe'],
		['content-length', '5'],
		['set-cookie', 'b=2'],
		['x-empty', ''],
	] as const;
	const head = read(new FieldBlocks(), fieldBlock(fields));
	t.is(head.status, 200);
	t.is(head.framing, 5);
	t.true(head.persistent);
	t.is(
		head.bytes.toString('latin1'),
		'HTTP/1.1 200 \r\nx-b: 1\r\nset-cookie: a=1\r\nx-b: gr\xfc\xdfe\r\ncontent-length: 5\r\nset-cookie: b=2\r\nx-empty: \r\n\r\n',
	);
});

test('a block that comes again is the same head, as long as the table is', t => {
	const blocks = new FieldBlocks();
	const first = Buffer.concat([indexed(8), literal('x-a', '1', 'indexing')]);
	t.regex(read(blocks, first).bytes.toString(), /x-a: 1\r\n/);
	const again = Buffer.concat([indexed(8), indexed(62)]);
	const head = read(blocks, again);
	t.regex(head.bytes.toString(), /x-a: 1\r\n/);
	t.is(read(blocks, Buffer.from(again)), head);
	// The same octets mean something else from here on.
	blocks.skip(literal('x-b', '2', 'indexing'), 0, literal('x-b', '2', 'indexing').length);
	const other = read(blocks, again);
	t.regex(other.bytes.toString(), /x-b: 2\r\n/);
	t.notRegex(other.bytes.toString(), /x-a/);
	t.not(other, head);
});

test('a block that is remembered is none of the memory that it came in', t => {
	const blocks = new FieldBlocks();
	const memory = Buffer.concat([indexed(8), literal('x-a', '1')]);
	const head = read(blocks, memory);
	memory.fill(0x80 | 9);
	const other = blocks.head(memory, 0, 1);
	t.is(other.status, 204);
	t.is(head.status, 200);
	t.regex(head.bytes.toString(), /x-a: 1\r\n/);
});

test('trailers go on as lines, without what says where a message ends', t => {
	const blocks = new FieldBlocks();
	const some = fieldBlock([
		['grpc-status', '0'],
		['content-length', '3'],
		['x-sum', '1'],
	]);
	t.is(blocks.trailers(some, 0, some.length)?.toString(), 'grpc-status: 0\r\nx-sum: 1\r\n\r\n');
	t.is(blocks.trailers(some, 0, 0), undefined);
	const pseudo = fieldBlock([[':status', '200']]);
	t.throws(() => blocks.trailers(pseudo, 0, pseudo.length), {instanceOf: Malformed});
});

test('what is too large is refused, and the table stays in step', t => {
	const blocks = new FieldBlocks();
	const kept = literal('x-kept', 'here', 'indexing');
	const large = Buffer.concat([
		indexed(8),
		...Array<Buffer>(20).fill(literal('x', 'y'.repeat(8000))),
		kept,
	]);
	t.throws(() => read(blocks, large), {instanceOf: TooLarge});
	t.regex(read(blocks, Buffer.concat([indexed(8), indexed(62)])).bytes.toString(), /x-kept: here/);
	t.throws(() => read(blocks, indexed(100)), {instanceOf: ConnectionError});
});
