import {createServer} from 'node:http2';
import {type AddressInfo, connect, type Server} from 'node:net';
import test from 'ava';
import {fieldBlock, get, integer, text} from './fields.js';
import {frame} from './frames.js';
import {readHuffman} from './huffman.js';
import {preface} from './names.js';
import {speakHttp2} from './peer.js';
import {readBlock} from './read-block.js';

const printable = String.fromCharCode(...Array.from({length: 95}, (_, index) => index + 32));

test('RFC 7541 C.1: integers', t => {
	t.deepEqual([...integer(10, 5)], [0b01010]);
	t.deepEqual([...integer(1337, 5)], [0b11111, 0b10011010, 0b00001010]);
	t.deepEqual([...integer(42, 8)], [42]);
});

test('RFC 7541 C.4: Huffman code', t => {
	t.is(text('www.example.com', true).toString('hex'), '8cf1e3c2e5f23a6ba0ab90f4ff');
	t.is(text('custom-value', true).toString('hex'), '8925a849e95bb8e8b4bf');
	t.throws(() => readHuffman(Buffer.from('f1e3c2e5f23a6ba0ab90f4fe', 'hex')));
});

test('what is encoded is read', t => {
	const fields = get('/long/'.padEnd(400, 'x'), ['x-all', printable]);
	t.deepEqual(readBlock(fieldBlock(fields)), fields);
	const without = printable.replace('\\', '');
	t.is(readHuffman(text(without, true).subarray(1)), without);
});

test('it speaks with the server of Node.js', async t => {
	const server = createServer((request, response) => {
		response.setHeader('x-echo', request.headers['x-all'] ?? '');
		response.setHeader('x-again', 'q'.repeat(200));
		response.end('body');
	});
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	t.teardown(() => server.close());
	const socket = connect(
		((server as unknown as Server).address() as AddressInfo).port,
		'127.0.0.1',
	);
	const client = speakHttp2(t, socket);
	const value = printable.replace('\\', '').trim();
	client.send(
		preface,
		frame.settings([['HEADER_TABLE_SIZE', 0]]),
		frame.headers(1, get('/', ['x-all', value])),
	);
	const {status, fields, body} = await client.response(1);
	t.is(status, 200);
	t.deepEqual(
		fields.filter(([name]) => name.startsWith('x-')),
		[
			['x-echo', value],
			['x-again', 'q'.repeat(200)],
		],
	);
	t.is(String(body), 'body');
	client.send(frame.goaway());
	await client.next({type: 'SETTINGS', ack: true});
	await client.closed();
});
