import test, {type ExecutionContext} from 'ava';
import {encodeHuffman} from '../../lib/forward/wire/http2/hpack/huffman-encoder.js';
import {openHostileStage} from '../helpers/hostile.js';
import {type Http2Client, openRawHttp2} from '../helpers/http2/client.js';
import {expectAlive} from '../helpers/http2/expect.js';
import {type Fields, get, indexed, integer, literal, post} from '../helpers/http2/fields.js';
import {frame} from '../helpers/http2/frames.js';
import {but, malformedRequests} from '../helpers/http2/malformed-requests.js';
import {readRequests, valuesIn} from '../helpers/read-messages.js';
import type {Stage} from '../helpers/stage.js';

let stage: Stage;

test.before(async () => {
	stage = await openHostileStage('wire');
});
test.after.always(() => stage.close());

function huffman(text: string): Buffer {
	const room = Buffer.alloc(text.length * 4 + 4);
	const octets = room.subarray(0, encodeHuffman(text, room, 0));
	return Buffer.concat([integer(octets.length, 7, 0x80), octets]);
}

/** The ways in which a section may be written: the last one refers to what the one before has put into the table. */
const writings: ReadonlyArray<(fields: Fields) => Buffer> = [
	fields => Buffer.concat(fields.map(([name, value]) => literal(name, value))),
	fields =>
		Buffer.concat(
			fields.map(([name, value]) =>
				Buffer.concat([Buffer.from([0x10]), huffman(name), huffman(value)]),
			),
		),
	fields => Buffer.concat(fields.map(([name, value]) => literal(name, value, 'indexing'))),
	fields => Buffer.concat(fields.map((_, index) => indexed(61 + fields.length - index))),
];

/** Sends a section in all its writings, each on a stream of its own. */
function sendAll(client: Http2Client, fields: Fields): readonly number[] {
	return writings.map((write, index) => {
		const id = 2 * index + 1;
		client.send(frame.headers(id, write(fields)));
		return id;
	});
}

/** Asserts that the backend has seen a request for `/empty`, and nothing beside it. */
function assertNothingElse(t: ExecutionContext): void {
	const {messages, rest} = readRequests(stage.takeReceived());
	t.deepEqual(
		messages.map(({start}) => start),
		['GET /empty HTTP/1.1'],
	);
	t.is(rest, '');
}

for (const [what, fields] of Object.entries(malformedRequests)) {
	test.serial(
		`${JSON.stringify(what)}: the stream is reset, and nothing reaches the backend`,
		async t => {
			stage.takeReceived();
			const client = await openRawHttp2(t, stage.tunnel);
			for (const id of sendAll(client, fields)) {
				const {type, code} = await client.next(
					({stream, type}) => stream === id || type === 'GOAWAY',
				);
				t.deepEqual([type, code], ['RST_STREAM', 'PROTOCOL_ERROR']);
			}
			await expectAlive(t, client);
			assertNothingElse(t);
		},
	);
}

const refusals: Record<string, [fields: Fields, status: number]> = {
	'a Host that differs from :authority': [get('/', ['host', 'other.localhost']), 400],
	'a Host with another port than :authority': [get('/', ['host', 'localhost:1']), 400],
	'the same Host twice': [get('/', ['host', 'localhost'], ['host', 'localhost']), 400],
	'an empty Host beside :authority': [get('/', ['host', '']), 400],
	'neither Host nor :authority': [but(':authority'), 400],
	'an empty :authority': [but(':authority', ''), 400],
	'a list in :authority': [but(':authority', 'localhost,evil.test'), 400],
	'a path in :authority': [but(':authority', 'localhost/..'), 400],
	'a port out of range': [but(':authority', 'localhost:65536'), 400],
	'a foreign name': [but(':authority', 'evil.test'), 421],
	'a foreign name in Host': [[...but(':authority'), ['host', 'evil.test']], 421],
	'a foreign name that ends like ours': [but(':authority', 'evil-localhost'), 421],
};

for (const [what, [fields, status]] of Object.entries(refusals)) {
	test.serial(`${what} is answered with ${status}, and nothing reaches the backend`, async t => {
		stage.takeReceived();
		const client = await openRawHttp2(t, stage.tunnel);
		for (const id of sendAll(client, fields)) {
			t.is((await client.response(id)).status, status);
		}
		await expectAlive(t, client);
		assertNothingElse(t);
	});
}

test.serial('a value is one line at the backend, whatever is in it', async t => {
	stage.takeReceived();
	const client = await openRawHttp2(t, stage.tunnel);
	const value = 'a: b, c; "d\\" \xe9\xff\tGET / HTTP/1.1 %0d%0aHost: evil.test';
	for (const id of sendAll(client, get('/x', ['x-odd', value], ['x-end', '1']))) {
		t.is((await client.response(id)).status, 200);
	}
	const {messages, rest} = readRequests(stage.takeReceived());
	t.is(rest, '');
	t.is(messages.length, writings.length);
	for (const {start, fields} of messages) {
		t.is(start, 'GET /x HTTP/1.1');
		t.deepEqual(valuesIn(fields, 'x-odd'), [value]);
		t.deepEqual(valuesIn(fields, 'x-end'), ['1']);
		t.deepEqual(valuesIn(fields, 'host'), ['localhost']);
	}
});

test.serial('what the client says of itself is said by Sealport alone', async t => {
	stage.takeReceived();
	const client = await openRawHttp2(t, stage.tunnel);
	const lies: Fields = ['for', 'proto', 'host', 'port'].map(
		what => [`x-forwarded-${what}`, 'evil'] as const,
	);
	client.send(frame.headers(1, [...get('/x', ...lies)]));
	t.is((await client.response(1)).status, 200);
	const [{fields} = {fields: []}] = readRequests(stage.takeReceived()).messages;
	for (const [name, value] of [
		['x-forwarded-for', '127.0.0.1'],
		['x-forwarded-proto', 'https'],
		['x-forwarded-host', 'localhost'],
		['x-forwarded-port', '443'],
	] as const) {
		t.deepEqual(valuesIn(fields, name), [value]);
	}
});

const badTrailers: Record<string, Fields> = {
	'a pseudo-header': [[':path', '/admin']],
	'content-length': [['content-length', '0']],
	'transfer-encoding': [['transfer-encoding', 'chunked']],
	connection: [['connection', 'close']],
	'a line break': [['x', '1\r\n\r\nGET /evil HTTP/1.1\r\nHost: localhost']],
	NUL: [['x', '\0']],
	'upper case': [['X-Sum', '1']],
};

for (const [what, trailers] of Object.entries(badTrailers)) {
	test.serial(
		`${what} in trailers: the stream is reset, and the backend gets no whole request`,
		async t => {
			stage.takeReceived();
			const client = await openRawHttp2(t, stage.tunnel);
			client.send(frame.headers(1, post('/upload'), {endStream: false}));
			client.send(frame.data(1, 'data'));
			client.send(frame.headers(1, [['x-first', '1'], ...trailers]));
			const {type, code} = await client.next(({stream, type}) => stream === 1 || type === 'GOAWAY');
			t.deepEqual([type, code], ['RST_STREAM', 'PROTOCOL_ERROR']);
			await expectAlive(t, client);
			const received = stage.takeReceived();
			t.notRegex(received, /\r\n0\r\n|evil|admin/);
			t.regex(received, /GET \/empty HTTP\/1\.1/);
		},
	);
}
