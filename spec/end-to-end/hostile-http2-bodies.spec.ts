import test, {type ExecutionContext} from 'ava';
import {type Http2Client, openRawHttp2} from '../helpers/http2/client.js';
import {expectAlive} from '../helpers/http2/expect.js';
import {type Fields, get, post, request} from '../helpers/http2/fields.js';
import {frame} from '../helpers/http2/frames.js';
import {onLane} from '../helpers/lanes.js';
import {type Message, readRequests} from '../helpers/read-messages.js';
import {ok, type Scripted, startScripted} from '../helpers/scripted.js';
import {startTunnel} from '../helpers/tunnel.js';
import {until} from '../helpers/until.js';

const declare = onLane('wire', test);

/** A backend that answers each request once it is complete. */
function startAnswering(t: ExecutionContext): Promise<Scripted> {
	return startScripted(t, async connection => {
		for (let answered = 0; ; ) {
			const {messages} = readRequests(connection.received);
			for (; answered < messages.filter(({complete}) => complete).length; answered++) {
				connection.write(ok);
			}
			await connection.more();
		}
	});
}

async function open(t: ExecutionContext): Promise<{client: Http2Client; backend: Scripted}> {
	const backend = await startAnswering(t);
	return {client: await openRawHttp2(t, await startTunnel(t, backend.port)), backend};
}

const length = (value: number): Fields => [['content-length', String(value)]];
const begin = (fields: Fields = []) =>
	frame.headers(1, post('/upload', ...fields), {endStream: false});

const disagreeing: Record<string, readonly Buffer[]> = {
	'more than content-length': [begin(length(3)), frame.data(1, 'abcd', {endStream: true})],
	'more than content-length, in a second frame': [
		begin(length(3)),
		frame.data(1, 'abc'),
		frame.data(1, 'd', {endStream: true}),
	],
	'more than content-length, and no end': [begin(length(3)), frame.data(1, 'abcdefgh')],
	'data where content-length is 0': [begin(length(0)), frame.data(1, 'a')],
	'a hidden request behind content-length': [
		begin(length(3)),
		frame.data(1, 'abcGET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n', {endStream: true}),
	],
	'a hidden request where content-length is 0': [
		begin(length(0)),
		frame.data(1, 'GET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n', {endStream: true}),
	],
	'less than content-length': [begin(length(5)), frame.data(1, 'abc', {endStream: true})],
	'less than content-length, with padding for the rest': [
		begin(length(5)),
		frame.data(1, 'abc', {endStream: true, padding: 2}),
	],
	'nothing of what content-length says, in a frame': [
		begin(length(5)),
		frame.data(1, '', {endStream: true}),
	],
	'nothing of what content-length says': [frame.headers(1, post('/upload', ...length(5)))],
	'nothing of what content-length says, of a GET': [frame.headers(1, get('/upload', ...length(1)))],
	'trailers before the end of content-length': [
		begin(length(5)),
		frame.data(1, 'abc'),
		frame.headers(1, [['x-sum', '1']]),
	],
};

for (const [what, frames] of Object.entries(disagreeing)) {
	declare(`${what}: the stream is reset, and the backend gets no whole request`, async t => {
		const {client, backend} = await open(t);
		client.send(...frames);
		const {type, code} = await client.next(({stream, type}) => stream === 1 || type === 'GOAWAY');
		t.deepEqual([type, code], ['RST_STREAM', 'PROTOCOL_ERROR']);
		await expectAlive(t, client);
		t.false(client.frames.some(({stream, type}) => stream === 1 && type !== 'RST_STREAM'));
		assertOnlyProbes(t, backend);
	});
}

/** What of an upload has come is without its end, and nothing is behind it on its connection. */
function assertOnlyProbes(t: ExecutionContext, {connections}: Scripted): void {
	for (const {received} of connections) {
		const {messages, rest} = readRequests(received);
		const [last, ...others] = messages.toReversed();
		t.true(others.every(({start}) => start === 'GET /empty HTTP/1.1'));
		t.is(rest, '');
		if (last !== undefined && last.start !== 'GET /empty HTTP/1.1') {
			t.deepEqual([last.start, last.complete], ['POST /upload HTTP/1.1', false]);
		}
	}
	t.notRegex(connections.map(({received}) => received).join(), /hidden/);
}

declare('the connection to a backend that has got part of a body is not used again', async t => {
	const {client, backend} = await open(t);
	client.send(begin(length(5)), frame.data(1, 'abc'));
	const connection = await backend.connection();
	await connection.until('abc');
	client.send(frame.data(1, '', {endStream: true}));
	await client.next({type: 'RST_STREAM', stream: 1});
	await connection.closed();
	await expectAlive(t, client);
	t.false(connection.received.includes('/empty'));
});

const hidden = '0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n';

interface Whole {
	readonly frames: readonly Buffer[];
	readonly body: string;
	readonly framing: Message['framing'];
	readonly trailers?: readonly string[];
}

const whole: Record<string, Whole> = {
	'a body that looks like the last chunk and another request': {
		frames: [begin(), frame.data(1, hidden, {endStream: true})],
		body: hidden,
		framing: 'chunks',
	},
	'the same in frames of one octet': {
		frames: [
			begin(),
			...Array.from(hidden, octet => frame.data(1, octet)),
			frame.data(1, '', {endStream: true}),
		],
		body: hidden,
		framing: 'chunks',
	},
	'the same with padding, and empty frames in between': {
		frames: [
			begin(),
			...Array.from(hidden, octet =>
				Buffer.concat([frame.data(1, octet, {padding: 3}), frame.data(1, '', {padding: 0})]),
			),
			frame.data(1, '', {endStream: true, padding: 5}),
		],
		body: hidden,
		framing: 'chunks',
	},
	'the same with its length': {
		frames: [begin(length(hidden.length)), frame.data(1, hidden, {endStream: true})],
		body: hidden,
		framing: 'length',
	},
	'the same with trailers behind it': {
		frames: [begin(), frame.data(1, hidden), frame.headers(1, [['x-sum', hidden.slice(5, 25)]])],
		body: hidden,
		framing: 'chunks',
		trailers: ['x-sum: GET /hidden HTTP/1.1'],
	},
	'no data but trailers': {
		frames: [begin(), frame.headers(1, [['x-sum', '0']])],
		body: '',
		framing: 'chunks',
		trailers: ['x-sum: 0'],
	},
	'content-length 0 and an empty frame': {
		frames: [begin(length(0)), frame.data(1, '', {endStream: true})],
		body: '',
		framing: 'length',
	},
	'a GET with a body': {
		frames: [
			frame.headers(1, get('/upload'), {endStream: false}),
			frame.data(1, hidden, {endStream: true}),
		],
		body: hidden,
		framing: 'chunks',
	},
	'a DELETE with a body': {
		frames: [
			frame.headers(1, request('DELETE', '/upload'), {endStream: false}),
			frame.data(1, hidden, {endStream: true}),
		],
		body: hidden,
		framing: 'chunks',
	},
};

for (const [what, {frames, body, framing, trailers = []}] of Object.entries(whole)) {
	declare(`${what}: the backend sees one request with just that body`, async t => {
		const {client, backend} = await open(t);
		client.send(...frames);
		t.is((await client.response(1)).status, 200);
		await expectAlive(t, client);
		const seen = backend.connections.flatMap(({received}) => readRequests(received).messages);
		t.deepEqual(
			seen.map(({start, complete}) => [start.split(' ')[1], complete]),
			[
				['/upload', true],
				['/empty', true],
			],
		);
		const [message] = seen;
		t.deepEqual([message?.body, message?.framing], [body, framing]);
		t.deepEqual(message?.trailers, trailers);
	});
}

declare('a body without an end is never completed, whoever leaves', async t => {
	const leaving: ReadonlyArray<(client: Http2Client) => void> = [
		client => client.send(frame.reset(1)),
		client => client.send(frame.goaway(), frame.reset(1)),
		client => client.vanish(),
		client => client.socket.end(),
	];
	for (const leave of leaving) {
		const {client, backend} = await open(t);
		client.send(begin(), frame.data(1, 'part of it'));
		const connection = await backend.connection();
		await connection.until('part of it');
		leave(client);
		const received = await connection.closed();
		t.false(received.includes('\r\n0\r\n'), JSON.stringify(received));
	}
});

declare('a backend that answers early is not told that an upload was complete', async t => {
	const backend = await startScripted(t, async connection => {
		await connection.until('\r\n\r\n');
		connection.write(ok);
	});
	const client = await openRawHttp2(t, await startTunnel(t, backend.port));
	client.send(begin());
	await client.next({type: 'DATA', stream: 1});
	client.send(frame.reset(1));
	const connection = await backend.connection();
	await until('the backend is let go of', () => connection.socket.destroyed);
	t.false(connection.received.includes('\r\n0\r\n'));
});
