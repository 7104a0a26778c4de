import {once} from 'node:events';
import {connect as connectHttp2} from 'node:http2';
import {connect as connectTls} from 'node:tls';

const good = 'GET /good HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';

/** Asks for what the backend always answers well, by either version. @throws Error when it is not answered so */
export async function fetchGood(port: number, ca: string): Promise<void> {
	const answer = await fetchRaw(port, ca);
	if (!answer.endsWith('\r\n\r\nok')) {
		throw new Error(`over HTTP/1.1 comes ${JSON.stringify(answer)}`);
	}
	const status = await statusOverHttp2(port, ca);
	if (status !== 200) {
		throw new Error(`over HTTP/2 comes ${status}`);
	}
}

function fetchRaw(port: number, ca: string): Promise<string> {
	return new Promise((resolve, reject) => {
		const socket = connectTls({port, host: '127.0.0.1', servername: 'localhost', ca}, () =>
			socket.write(good),
		);
		let received = '';
		socket.setTimeout(30_000, () => socket.destroy(new Error('no answer within 30 s')));
		socket.setEncoding('latin1').on('data', chunk => {
			received += chunk;
		});
		socket.once('error', reject);
		socket.once('close', () => resolve(received));
	});
}

async function statusOverHttp2(port: number, ca: string): Promise<unknown> {
	const session = connectHttp2(`https://localhost:${port}`, {ca});
	const stream = session.request({':path': '/good'}, {signal: AbortSignal.timeout(30_000)});
	try {
		const [headers] = (await once(stream, 'response')) as [{':status'?: number}];
		stream.resume();
		await once(stream, 'end');
		return headers[':status'];
	} finally {
		session.close();
		await once(session, 'close');
	}
}
