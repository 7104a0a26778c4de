import test, {type ExecutionContext} from 'ava';
import {openRawHttp2} from '../helpers/http2/client.js';
import {expectAlive} from '../helpers/http2/expect.js';
import {fieldBlock, get, indexed, literal, post, tableSize, text} from '../helpers/http2/fields.js';
import {frame} from '../helpers/http2/frames.js';
import {http2Stage} from '../helpers/http2/stage.js';
import {staticTable} from '../helpers/http2/static-table.js';

const stage = http2Stage();

/** Sends blocks on streams of their own, one after the other; gives what the backend has seen of the last. */
async function last(t: ExecutionContext, path: string, ...blocks: readonly Buffer[]) {
	const client = await openRawHttp2(t, stage().tunnel);
	for (const [index, block] of blocks.entries()) {
		client.send(frame.headers(2 * index + 1, block));
		await client.response(2 * index + 1);
	}
	await expectAlive(t, client);
	return (await stage().seen(path)).request.headers;
}
const asks = (path: string, ...blocks: readonly Buffer[]) =>
	Buffer.concat([fieldBlock(get(path)), ...blocks]);

test('RFC 7541, 2.3.3: entries of the dynamic table are numbered from the newest', async t => {
	const headers = await last(
		t,
		'/newest',
		asks('/a?1', literal('x-one', '1', 'indexing'), literal('x-two', '2', 'indexing')),
		asks('/newest', indexed(62), indexed(63), literal(63, 'again')),
	);
	t.deepEqual([headers['x-two'], headers['x-one']], ['2', '1, again']);
});

test('RFC 7541, 2.3.2: an entry may stand in the table twice, and is used in the block that brings it', async t => {
	const same = literal('x-same', 's', 'indexing', true);
	const headers = await last(t, '/twice', asks('/twice', same, same, indexed(62), indexed(63)));
	t.is(headers['x-same'], 's, s, s, s');
});

test('RFC 7541, 4.3: a smaller table loses its oldest entries, and larger again it is empty', async t => {
	const fill = asks('/b?1', literal('x-one', '1', 'indexing'), literal('x-two', '2', 'indexing'));
	const entry = 'x-two'.length + 1 + 32;
	const headers = await last(
		t,
		'/smaller',
		fill,
		Buffer.concat([tableSize(entry), asks('/smaller', indexed(62))]),
	);
	t.deepEqual([headers['x-two'], headers['x-one']], ['2', undefined]);
	const client = await openRawHttp2(t, stage().tunnel);
	const gone = Buffer.concat([tableSize(0), tableSize(4096), fieldBlock(get()), indexed(62)]);
	client.send(frame.headers(1, fill), frame.headers(3, gone));
	t.is((await client.next({type: 'GOAWAY'})).code, 'COMPRESSION_ERROR');
});

test('RFC 7541, 4.4: an entry larger than the table empties it, and is no error', async t => {
	const large = literal('x-large', 'v'.repeat(4096), 'indexing');
	const headers = await last(
		t,
		'/large?3',
		asks('/large?1', literal('x-one', '1', 'indexing')),
		asks('/large?2', large),
		asks('/large?3', literal('x-new', 'n', 'indexing'), indexed(62)),
	);
	t.deepEqual([headers['x-new'], headers['x-one']], ['n, n', undefined]);
});

test('RFC 7541, 4.4: an entry may take its name from the one that it evicts', async t => {
	const value = 'v'.repeat(4096 - 32 - 'x-name'.length);
	const headers = await last(
		t,
		'/evicts',
		asks('/evicts?1', literal('x-name', value, 'indexing')),
		asks('/evicts', literal(62, 'new', 'indexing'), indexed(62)),
	);
	t.is(headers['x-name'], 'new, new');
});

test('RFC 7541, 4.1: the table holds entries up to 4,096 octets with 32 for each, and no more', async t => {
	// 4,096 is 64 times 64.
	const fill = Array.from({length: 64}, (_, index) =>
		literal(`x-${String(index).padStart(2, '0')}`, 'v'.repeat(28), 'indexing'),
	);
	const headers = await last(t, '/full', asks('/full?1', ...fill), asks('/full', indexed(125)));
	t.is(headers['x-00'], 'v'.repeat(28));
	const client = await openRawHttp2(t, stage().tunnel);
	client.send(
		frame.headers(1, asks('/full?2', ...fill, literal('x', '', 'indexing'))),
		frame.headers(3, asks('/full?3', indexed(126))),
	);
	t.is((await client.next({type: 'GOAWAY'})).code, 'COMPRESSION_ERROR');
});

test('4.3: blocks of requests that are refused or malformed, and of trailers, count for those behind them', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	const teaches = (name: string) => literal(name, name, 'indexing');
	client.send(
		frame.headers(1, Buffer.concat([fieldBlock(get('/x', ['te', 'gzip'])), teaches('x-a')])),
		frame.headers(3, Buffer.concat([fieldBlock(get('/x', ['Upper', ''])), teaches('x-b')])),
		frame.headers(5, post('/echo?taught'), {endStream: false}),
		frame.headers(5, teaches('x-c')),
		frame.headers(7, Buffer.concat([fieldBlock([[':path', '/x']]), teaches('x-d')])),
		frame.headers(1, teaches('x-e')),
		frame.headers(
			9,
			asks('/taught', indexed(62), indexed(63), indexed(64), indexed(65), indexed(66)),
		),
	);
	t.is((await client.response(9)).status, 200);
	const {headers} = (await stage().seen('/taught')).request;
	for (const name of ['x-a', 'x-b', 'x-c', 'x-d', 'x-e']) {
		t.is(headers[name], name);
	}
	await expectAlive(t, client);
});

test('RFC 7541, appendix A: each entry of the static table that a request can have', async t => {
	const usable = staticTable
		.map(([name], index) => [name, index + 1] as const)
		.filter(([name]) => !/^:|^host$|^transfer-encoding$|^content-length$|^expect$/.test(name));
	const headers = await last(
		t,
		'/static',
		asks('/static', ...usable.map(([, index]) => literal(index, `v${index}`)), indexed(16)),
	);
	for (const [name, index] of usable) {
		t.true(String(headers[name]).includes(`v${index}`), name);
	}
	t.regex(String(headers['accept-encoding']), /gzip, deflate/);
});

test('RFC 7541, 5.2: all printable characters with Huffman code', async t => {
	const value = `!${Array.from({length: 94}, (_, index) => String.fromCharCode(index + 33))
		.join(' ')
		.replace('\\', '')}`;
	const name = Buffer.concat([Buffer.from([0]), text('x-all', true), text(value, true)]);
	t.is((await last(t, '/huffman', asks('/huffman', name)))['x-all'], value);
});

const teach = (name: string) => literal(name, name, 'indexing');
const malformedBlock = fieldBlock([['x-filler', '']]);

for (const [what, between] of [
	['another request', [frame.headers(5, Buffer.concat([fieldBlock(get()), teach('x-b')]))]],
	['trailers', [frame.headers(5, post(), {endStream: false}), frame.headers(5, teach('x-b'))]],
	['a malformed request', [frame.headers(5, Buffer.concat([malformedBlock, teach('x-b')]))]],
	[
		'a block on a stream that was reset',
		[frame.headers(5, malformedBlock), frame.headers(5, teach('x-b'))],
	],
] as const) {
	test(`RFC 7541, 2.3.3: the same block means something else when ${what} has changed the table`, async t => {
		const client = await openRawHttp2(t, stage().tunnel);
		const block = asks(`/same?${encodeURIComponent(what)}`, indexed(62));
		client.send(frame.headers(1, asks('/', teach('x-a'))), frame.headers(3, block));
		await client.response(3);
		const path = `/same?${encodeURIComponent(what)}`;
		t.is((await stage().seen(path)).request.headers['x-a'], 'x-a');
		client.send(...between, frame.headers(7, block));
		await client.response(7);
		const {headers} = (await stage().seen(path)).request;
		t.deepEqual([headers['x-a'], headers['x-b']], [undefined, 'x-b']);
	});
}
