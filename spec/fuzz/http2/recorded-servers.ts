import {createServer, type Http2Server, type ServerHttp2Stream} from 'node:http2';
import {Server, type ServerDuplexStream} from '@grpc/grpc-js';
import {methods} from '../../helpers/grpc.js';

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

/** A server that answers in many ways, by path. */
export function makeServer(): Http2Server {
	const server = createServer({settings: {enableConnectProtocol: true}});
	server.on('stream', (stream, headers) =>
		answer(stream, headers[':path'] ?? '', headers[':method'] ?? ''),
	);
	return server;
}

/** A server of gRPC that gives back what it is sent. */
export function makeGrpcServer(): Server {
	const server = new Server();
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
