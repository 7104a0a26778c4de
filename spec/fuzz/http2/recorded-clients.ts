import {once} from 'node:events';
import {connect} from 'node:http2';
import {Client, credentials} from '@grpc/grpc-js';

/** Asks for much of what a client may ask for, by Node's client. */
export async function talkAsNode(url: string): Promise<void> {
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

/** Makes calls of gRPC. */
export async function talkAsGrpc(port: number): Promise<void> {
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
