import {execFile, execFileSync} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {connect, createServer as createHttp2Server, type ServerHttp2Stream} from 'node:http2';
import {type AddressInfo, connect as connectTcp, createServer, type Server} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Duplex} from 'node:stream';
import {createServer as createTlsServer} from 'node:tls';
import {promisify} from 'node:util';
import {
	Client,
	credentials,
	type Server as GrpcServer,
	Server as RealGrpcServer,
	ServerCredentials,
	type ServerDuplexStream,
} from '@grpc/grpc-js';
import {packageFile} from '../../../lib/package-file.js';
import {methods} from '../../helpers/grpc.js';
import {python} from '../../helpers/http2-clients/programs.js';
import {recordingsFile} from './seeds.js';

// node dist/spec/fuzz/http2/record.js: writes down what real clients and servers say to each other over HTTP/2,
// as seeds. Needs curl, nghttp, h2load, Chromium, and Debian's python3-h2.

const run = promisify(execFile);

/** Longest recording that is kept, in octets. */
const longest = 24 * 1024;

async function listen(server: Server | ReturnType<typeof createHttp2Server>): Promise<number> {
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return (server.address() as AddressInfo).port;
}

const page = `<!doctype html><link rel=icon href=data:,><script src=/a.js></script><script type=module>
await Promise.all([1, 2, 3].map(n => import('/' + n + '.js')));
await (await fetch('/echo', {method: 'POST', body: 'hello'})).text();
const leaving = new AbortController(); fetch('/wait', {signal: leaving.signal}).catch(() => {});
setTimeout(() => leaving.abort(), 100); document.title = 'done';</script>`;

function answer(stream: ServerHttp2Stream, path: string, method: string): void {
	stream.on('error', () => undefined);
	if (method === 'CONNECT') {
		stream.respond({':status': 200});
		stream.pipe(stream);
	} else if (path === '/echo') {
		stream.respond({':status': 200, 'content-type': 'text/plain'}, {waitForTrailers: true});
		stream.on('wantTrailers', () => stream.sendTrailers({'x-sum': '5'}));
		stream.pipe(stream);
	} else if (path === '/large') {
		stream.respond({':status': 200, 'content-length': '3000'});
		stream.end(Buffer.alloc(3000, 'x'));
	} else if (path === '/hints') {
		stream.additionalHeaders({':status': 103, link: '</a.js>; rel=preload'});
		stream.respond({':status': 204}, {endStream: true});
	} else if (path !== '/wait') {
		const isScript = path.endsWith('.js');
		stream.respond({
			':status': path === '/none' ? 404 : 200,
			'content-type': isScript ? 'text/javascript' : 'text/html',
			'cache-control': 'no-store',
			'set-cookie': ['a=1', 'b=2'],
		});
		stream.end(method === 'HEAD' ? undefined : isScript ? 'export default 1' : page);
	}
}

interface Recorder {
	readonly port: number;
	/** What came in both directions since the last time, the busiest connection only. */
	take(): {readonly client: Buffer; readonly server: Buffer} | undefined;
}

/** Stands between clients and a server. */
async function startRecorder(target: number, tls?: {key: string; cert: string}): Promise<Recorder> {
	let connections: Array<{client: Buffer[]; server: Buffer[]}> = [];
	const take = (socket: Duplex) => {
		const recording = {client: [] as Buffer[], server: [] as Buffer[]};
		connections.push(recording);
		const other = connectTcp(target, '127.0.0.1');
		socket.on('data', (bytes: Buffer) => recording.client.push(bytes));
		other.on('data', (bytes: Buffer) => recording.server.push(bytes));
		for (const [one, another] of [
			[socket, other],
			[other, socket],
		] as const) {
			one.on('error', () => another.destroy());
			one.pipe(another);
		}
	};
	const server = tls ? createTlsServer({...tls, ALPNProtocols: ['h2']}, take) : createServer(take);
	const port = await listen(server);
	return {
		port,
		take() {
			const sizes = connections.map(({client}) => Buffer.concat(client).length);
			const busiest = connections[sizes.indexOf(Math.max(...sizes))];
			connections = [];
			return (
				busiest && {client: Buffer.concat(busiest.client), server: Buffer.concat(busiest.server)}
			);
		},
	};
}

async function talkAsNode(url: string): Promise<void> {
	const session = connect(url, {rejectUnauthorized: false, settings: {initialWindowSize: 70_000}});
	await once(session, 'remoteSettings');
	const read = async (headers: Record<string, string>, body?: string) => {
		const stream = session.request(headers, {
			endStream: body === undefined,
			waitForTrailers: body !== undefined,
		});
		stream.on('wantTrailers', () => stream.sendTrailers({'x-sum': '1'}));
		stream.resume();
		if (body !== undefined) {
			stream.end(body);
		}
		await once(stream, 'close');
	};
	await read({':path': '/', accept: 'text/html', cookie: 'a=1; b=2'});
	await Promise.all([
		read({':path': '/large', priority: 'u=1, i'}),
		read({':path': '/hints', ':method': 'HEAD'}),
		read({':path': '/echo', ':method': 'POST', 'content-length': '5'}, 'hello'),
		read({':path': '/echo', ':method': 'PUT', trailer: 'x-sum', te: 'trailers'}, 'x'.repeat(3000)),
	]);
	await new Promise<void>(resolve => session.ping(() => resolve()));
	session.settings({initialWindowSize: 1000, headerTableSize: 0});
	const cancelled = session.request({':path': '/wait'});
	cancelled.on('error', () => undefined);
	await new Promise(resolve => setTimeout(resolve, 50));
	cancelled.close(8);
	const socket = session.request({
		':method': 'CONNECT',
		':protocol': 'websocket',
		':path': '/socket',
	});
	socket.write(Buffer.from('8105', 'hex'));
	await once(socket, 'data');
	socket.end('hello');
	socket.resume();
	await once(socket, 'close');
	session.close();
	await once(session, 'close');
}

async function talkAsGrpc(port: number): Promise<void> {
	const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
	const asIs = (bytes: Buffer) => bytes;
	await new Promise<void>((resolve, reject) =>
		client.makeUnaryRequest('/sealport.Spec/Unary', asIs, asIs, Buffer.from('hello'), error =>
			error ? reject(error) : resolve(),
		),
	);
	const both = client.makeBidiStreamRequest('/sealport.Spec/Both', asIs, asIs);
	both.on('error', () => undefined);
	both.write(Buffer.alloc(500));
	both.write(Buffer.alloc(5));
	await once(both, 'data');
	both.end();
	both.resume();
	await once(both, 'end');
	const late = client.makeBidiStreamRequest('/sealport.Spec/Both', asIs, asIs, {
		deadline: Date.now() + 200,
	});
	late.on('error', () => undefined);
	await once(late, 'close').catch(() => undefined);
	client.close();
}

function startGrpc(): GrpcServer {
	const server = new RealGrpcServer();
	server.addService(methods, {
		unary: (call: {request: Buffer}, done: (error: null, value: Buffer) => void) =>
			done(null, call.request),
		both: (call: ServerDuplexStream<Buffer, Buffer>) => {
			call.on('data', bytes => call.write(bytes));
			call.on('end', () => call.end());
		},
	});
	return server;
}

const home = mkdtempSync(join(tmpdir(), 'sealport-record-'));
const [keyFile, certFile] = [join(home, 'key.pem'), join(home, 'cert.pem')];
execFileSync(
	'openssl',
	`req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout ${keyFile} -out ${certFile}`.split(
		' ',
	),
	{stdio: 'ignore'},
);
const tls = {key: readFileSync(keyFile, 'utf8'), cert: readFileSync(certFile, 'utf8')};
const backend = createHttp2Server({settings: {enableConnectProtocol: true}});
backend.on('stream', (stream, headers) =>
	answer(stream, headers[':path'] ?? '', headers[':method'] ?? ''),
);
const grpc = startGrpc();
const grpcPort = await new Promise<number>((resolve, reject) =>
	grpc.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
		error ? reject(error) : resolve(port),
	),
);
const recorder = await startRecorder(await listen(backend), tls);
const plain = await startRecorder(grpcPort);
const url = `https://localhost:${recorder.port}`;
const upload = join(home, 'upload');
writeFileSync(upload, 'x'.repeat(1000));

const talks: Record<string, () => Promise<unknown>> = {
	curl: () =>
		run('curl', [
			'-sk',
			'--http2',
			'-Z',
			`${url}/`,
			`${url}/large`,
			`${url}/a.js`,
			'-o',
			'/dev/null',
			'-o',
			'/dev/null',
			'-o',
			'/dev/null',
		]),
	'curl, uploading': () =>
		run('curl', ['-sk', '--http2', '-T', upload, `${url}/echo`, '-H', 'Expect:']),
	'curl, posting': () =>
		run('curl', ['-sk', '--http2', '-d', 'a=1', '-b', 'a=1; b=2', `${url}/echo`]),
	nghttp: () => run('nghttp', ['-n', '--no-verify-peer', `${url}/`, `${url}/large`, `${url}/a.js`]),
	'nghttp, posting': () =>
		run('nghttp', [
			'-n',
			'--no-verify-peer',
			'-d',
			upload,
			'--trailer',
			'x-sum: 1',
			'-b',
			'4',
			'-w',
			'17',
			'-W',
			'18',
			'-c',
			'1024',
			`${url}/echo`,
		]),
	h2load: () => run('h2load', ['-n', '30', '-c', '1', '-m', '10', `${url}/a.js`]),
	'h2load, posting': () =>
		run('h2load', ['-n', '2', '-c', '1', '-m', '2', '-d', upload, `${url}/echo`]),
	node: () => talkAsNode(url),
	chromium: () =>
		run(
			'chromium',
			[
				'--headless',
				'--no-sandbox',
				'--ignore-certificate-errors',
				'--virtual-time-budget=3000',
				`--user-data-dir=${home}/chromium`,
				'--dump-dom',
				`${url}/`,
			],
			{timeout: 60_000},
		),
	'python-h2': () =>
		run(python, [
			'-c',
			readFileSync(packageFile('spec/fuzz/http2/talk.py'), 'utf8'),
			String(recorder.port),
		]),
	grpc: () => talkAsGrpc(plain.port),
};
const lines: string[] = [];
for (const [name, talk] of Object.entries(talks)) {
	await talk().catch((error: unknown) => process.stderr.write(`${name}: ${String(error)}\n`));
	await new Promise(resolve => setTimeout(resolve, 300));
	const recording = (name === 'grpc' ? plain : recorder).take();
	for (const side of ['client', 'server'] as const) {
		const bytes = recording?.[side] ?? Buffer.alloc(0);
		process.stdout.write(`${name}, ${side}: ${bytes.length} octets\n`);
		lines.push(`${side}\t${name}\t${bytes.subarray(0, longest).toString('base64')}\n`);
	}
}
writeFileSync(recordingsFile, lines.join(''));
rmSync(home, {recursive: true, force: true});
process.exit();
