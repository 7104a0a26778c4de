import {once} from 'node:events';
import {
	Metadata,
	type ServerDuplexStream,
	type ServerReadableStream,
	type ServerUnaryCall,
	type ServerWritableStream,
	type ServiceError,
	type sendUnaryData,
	status,
} from '@grpc/grpc-js';
import test from 'ava';
import {callUnary, open, openGrpcClient, startGrpcServer} from '../helpers/grpc.js';
import {startTunnel} from '../helpers/tunnel.js';
import {until} from '../helpers/until.js';

type Unary = ServerUnaryCall<Buffer, Buffer>;
type Reply = sendUnaryData<Buffer>;

const echo = (call: Unary, reply: Reply) => reply(null, call.request);

test('a unary call, with metadata both ways, binary ones too, and trailers', async t => {
	let seen: Metadata | undefined;
	const {port} = await startGrpcServer(t, {
		unary(call: Unary, reply: Reply) {
			seen = call.metadata;
			const head = new Metadata();
			head.set('x-head', 'of the response');
			head.set('x-head-bin', Buffer.from([0, 1, 254, 255]));
			call.sendMetadata(head);
			const trailers = new Metadata();
			trailers.set('x-trailer', 'behind it');
			trailers.set('x-trailer-bin', Buffer.from([255, 0]));
			reply(null, Buffer.from(`${call.request}, too`), trailers);
		},
	});
	const tunnel = await startTunnel(t, `h2c://127.0.0.1:${port}`);
	const metadata = new Metadata();
	metadata.add('x-more', 'one');
	metadata.add('x-more', 'two');
	metadata.set('x-octets-bin', Buffer.from([0, 10, 13, 255]));
	const answer = await callUnary(openGrpcClient(t, tunnel), 'this', metadata);
	t.is(answer.message, 'this, too');
	t.deepEqual(seen?.get('x-more'), ['one, two']);
	t.deepEqual(seen?.get('x-octets-bin'), [Buffer.from([0, 10, 13, 255])]);
	t.deepEqual(seen?.get('x-forwarded-proto'), ['https']);
	t.deepEqual(answer.head?.get('x-head'), ['of the response']);
	t.deepEqual(answer.head?.get('x-head-bin'), [Buffer.from([0, 1, 254, 255])]);
	t.deepEqual(answer.trailers?.get('x-trailer'), ['behind it']);
	t.deepEqual(answer.trailers?.get('x-trailer-bin'), [Buffer.from([255, 0])]);
});

test('messages of the client stream, answered at the end', async t => {
	const {port} = await startGrpcServer(t, {
		upload(call: ServerReadableStream<Buffer, Buffer>, reply: Reply) {
			const came: string[] = [];
			call.on('data', (message: Buffer) => came.push(String(message)));
			call.on('end', () => reply(null, Buffer.from(came.join('|'))));
		},
	});
	const tunnel = await startTunnel(t, `h2c://127.0.0.1:${port}`);
	const answer = await new Promise<string>((resolve, reject) => {
		const call = open.upload(openGrpcClient(t, tunnel), (error, value) =>
			error ? reject(error) : resolve(String(value)),
		);
		for (const message of ['one', '', 'three']) {
			call.write(Buffer.from(message));
		}
		call.end();
	});
	t.is(answer, 'one||three');
});

test('messages of the server stream, each as soon as it is sent', async t => {
	let goOn: () => void = () => undefined;
	const {port} = await startGrpcServer(t, {
		async download(call: ServerWritableStream<Buffer, Buffer>) {
			call.write(Buffer.from(`${call.request} 1`));
			await new Promise<void>(resolve => {
				goOn = resolve;
			});
			call.write(Buffer.from(`${call.request} 2`));
			call.end();
		},
	});
	const tunnel = await startTunnel(t, `h2c://127.0.0.1:${port}`);
	const call = open.download(openGrpcClient(t, tunnel), 'part');
	t.deepEqual(await once(call, 'data'), [Buffer.from('part 1')]);
	goOn();
	t.deepEqual(await once(call, 'data'), [Buffer.from('part 2')]);
	const [ended] = await once(call, 'status');
	t.is(ended.code, status.OK);
});

test('messages go both ways in turns', async t => {
	const {port} = await startGrpcServer(t, {
		both(call: ServerDuplexStream<Buffer, Buffer>) {
			call.on('data', (message: Buffer) => call.write(Buffer.from(`re: ${message}`)));
			call.on('end', () => call.end());
		},
	});
	const tunnel = await startTunnel(t, `h2c://127.0.0.1:${port}`);
	const call = open.both(openGrpcClient(t, tunnel));
	for (let turn = 0; turn < 20; turn++) {
		call.write(Buffer.from(String(turn)));
		t.deepEqual(await once(call, 'data'), [Buffer.from(`re: ${turn}`)]);
	}
	call.end();
	const [ended] = await once(call, 'status');
	t.is(ended.code, status.OK);
});

for (const [what, code, details] of [
	['a status', status.NOT_FOUND, 'no such thing'],
	['a status with a message that is not ASCII', status.PERMISSION_DENIED, 'nicht für dich, 100 %'],
	['a status without a message', status.UNAVAILABLE, ''],
] as const) {
	test(`${what} reaches the client`, async t => {
		const trailers = new Metadata();
		trailers.set('x-why-bin', Buffer.from([1, 2, 3]));
		const {port} = await startGrpcServer(t, {
			unary: (_call: Unary, reply: Reply) => reply({code, details, metadata: trailers}),
		});
		const tunnel = await startTunnel(t, `h2c://127.0.0.1:${port}`);
		const call = callUnary(openGrpcClient(t, tunnel), 'x', new Metadata());
		const error = (await t.throwsAsync(call)) as ServiceError;
		t.is(error.code, code);
		t.is(error.details, details);
		t.deepEqual(error.metadata.get('x-why-bin'), [Buffer.from([1, 2, 3])]);
	});
}

test('a status in the midst of a stream comes behind what was sent before it', async t => {
	const {port} = await startGrpcServer(t, {
		download(call: ServerWritableStream<Buffer, Buffer>) {
			call.write(Buffer.from('first'));
			call.emit('error', {code: status.DATA_LOSS, details: 'the rest is gone'});
		},
	});
	const tunnel = await startTunnel(t, `h2c://127.0.0.1:${port}`);
	const call = open.download(openGrpcClient(t, tunnel), 'x');
	const came: Buffer[] = [];
	call.on('data', (message: Buffer) => came.push(message));
	const [error]: ServiceError[] = await once(call, 'error');
	t.deepEqual(came, [Buffer.from('first')]);
	t.is(error?.code, status.DATA_LOSS);
	t.is(error?.details, 'the rest is gone');
});

test('a method that the server has not is said to be unimplemented', async t => {
	const {port} = await startGrpcServer(t, {});
	const tunnel = await startTunnel(t, `h2c://127.0.0.1:${port}`);
	const call = callUnary(openGrpcClient(t, tunnel), 'x', new Metadata());
	const error = (await t.throwsAsync(call)) as ServiceError;
	t.is(error.code, status.UNIMPLEMENTED);
});

test('the deadline of a client reaches the server, and ends the call on both sides', async t => {
	t.timeout(120_000);
	let given: unknown;
	let isCancelled = false;
	const {port} = await startGrpcServer(t, {
		unary(call: Unary) {
			given = call.getDeadline();
			call.on('cancelled', () => {
				isCancelled = true;
			});
		},
	});
	const tunnel = await startTunnel(t, `h2c://127.0.0.1:${port}`);
	const client = openGrpcClient(t, tunnel);
	// On a busy machine it may be over before the call is there.
	for (const seconds of [2, 10, 30]) {
		const deadline = new Date(Date.now() + seconds * 1000);
		const call = callUnary(client, 'x', new Metadata(), {deadline});
		const error = (await t.throwsAsync(call)) as ServiceError;
		t.is(error.code, status.DEADLINE_EXCEEDED);
		if (given !== undefined) {
			break;
		}
	}
	await until('the end of the call at the server', () => isCancelled);
	t.true(given instanceof Date || Number.isFinite(given));
});

test('a client that cancels cancels the call of the server', async t => {
	let cancelled: () => void = () => undefined;
	const whenCancelled = new Promise<void>(resolve => {
		cancelled = resolve;
	});
	const {port} = await startGrpcServer(t, {
		both(call: ServerDuplexStream<Buffer, Buffer>) {
			call.on('cancelled', cancelled);
			call.write(Buffer.from('begun'));
		},
		unary: echo,
	});
	const tunnel = await startTunnel(t, `h2c://127.0.0.1:${port}`);
	const client = openGrpcClient(t, tunnel);
	const call = open.both(client);
	await once(call, 'data');
	call.cancel();
	const [error]: ServiceError[] = await once(call, 'error');
	t.is(error?.code, status.CANCELLED);
	await whenCancelled;
	t.is((await callUnary(client, 'still there', new Metadata())).message, 'still there');
});

test('a server that ends a call while its client still sends is heard', async t => {
	const {port} = await startGrpcServer(t, {
		both(call: ServerDuplexStream<Buffer, Buffer>) {
			call.once('data', () => {
				call.emit('error', {code: status.ABORTED, details: 'enough'});
			});
		},
		unary: echo,
	});
	const tunnel = await startTunnel(t, `h2c://127.0.0.1:${port}`);
	const client = openGrpcClient(t, tunnel);
	const call = open.both(client);
	call.resume();
	call.write(Buffer.from('x'));
	const [error]: ServiceError[] = await once(call, 'error');
	t.is(error?.code, status.ABORTED);
	t.is(error?.details, 'enough');
	t.is((await callUnary(client, 'still there', new Metadata())).message, 'still there');
});

test('a thousand calls at a time take one connection to the server', async t => {
	const peers = new Set<string>();
	const {port} = await startGrpcServer(t, {
		unary(call: Unary, reply: Reply) {
			peers.add(call.getPeer());
			setTimeout(() => reply(null, call.request), 5);
		},
	});
	const tunnel = await startTunnel(t, `h2c://127.0.0.1:${port}`);
	const clients = Array.from({length: 4}, () =>
		openGrpcClient(t, tunnel, {'grpc.use_local_subchannel_pool': 1}),
	);
	const answers = await Promise.all(
		clients.flatMap((client, place) =>
			Array.from({length: 250}, async (_, index) => {
				const said = `${place}: ${index}`;
				return (await callUnary(client, said, new Metadata())).message === said;
			}),
		),
	);
	t.is(answers.filter(Boolean).length, 1000);
	t.is(peers.size, 1);
});

test('keepalive pings of client and server do a call no harm', async t => {
	const often = {
		'grpc.keepalive_time_ms': 20,
		'grpc.keepalive_timeout_ms': 20_000,
		'grpc.keepalive_permit_without_calls': 1,
	};
	let connection: (peer: string) => void = () => undefined;
	const peer = new Promise<string>(resolve => {
		connection = resolve;
	});
	const {port} = await startGrpcServer(
		t,
		{
			both(call: ServerDuplexStream<Buffer, Buffer>) {
				connection(call.getPeer());
				call.on('data', (message: Buffer) => call.write(message));
				call.on('end', () => call.end());
			},
		},
		0,
		often,
	);
	const tunnel = await startTunnel(t, `h2c://127.0.0.1:${port}`);
	const call = open.both(openGrpcClient(t, tunnel, often));
	call.write(Buffer.from('before'));
	t.deepEqual(await once(call, 'data'), [Buffer.from('before')]);
	await new Promise(resolve => setTimeout(resolve, 2000));
	call.write(Buffer.from('after'));
	t.deepEqual(await once(call, 'data'), [Buffer.from('after')]);
	call.end();
	const [ended] = await once(call, 'status');
	t.is(ended.code, status.OK);
	t.truthy(await peer);
});

test('calls go on after the server has restarted', async t => {
	const first = await startGrpcServer(t, {unary: echo});
	const tunnel = await startTunnel(t, `h2c://127.0.0.1:${first.port}`, {wait: 10});
	const client = openGrpcClient(t, tunnel);
	t.is((await callUnary(client, 'one', new Metadata())).message, 'one');
	first.server.forceShutdown();
	const waiting = callUnary(client, 'two', new Metadata());
	await startGrpcServer(t, {unary: echo}, first.port);
	t.is((await waiting).message, 'two');
});

test('a server that shuts down lets the calls that run end, and new ones go to its successor', async t => {
	let finish: (() => void) | undefined;
	const first = await startGrpcServer(t, {
		unary(call: Unary, reply: Reply) {
			finish = () => reply(null, call.request);
		},
	});
	const tunnel = await startTunnel(t, `h2c://127.0.0.1:${first.port}`, {wait: 10});
	const client = openGrpcClient(t, tunnel);
	const running = callUnary(client, 'one', new Metadata());
	await until('the call at the server', () => finish !== undefined);
	const closed = new Promise<void>(resolve => first.server.tryShutdown(() => resolve()));
	await startGrpcServer(t, {unary: echo}, first.port);
	t.is((await callUnary(client, 'two', new Metadata())).message, 'two');
	finish?.();
	t.is((await running).message, 'one');
	await closed;
});

test('a server that is not there is unavailable', async t => {
	const {port, server} = await startGrpcServer(t, {});
	server.forceShutdown();
	const tunnel = await startTunnel(t, `h2c://127.0.0.1:${port}`);
	const call = callUnary(openGrpcClient(t, tunnel), 'x', new Metadata());
	const error = (await t.throwsAsync(call)) as ServiceError;
	t.is(error.code, status.UNAVAILABLE);
});
