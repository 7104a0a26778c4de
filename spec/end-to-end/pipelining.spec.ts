import {test} from '../helpers/lanes.js';
import {openTls} from '../helpers/raw-client.js';
import {startScripted} from '../helpers/scripted.js';
import {startTunnel} from '../helpers/tunnel.js';

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
const response = (body: string) => `HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n${body}`;

test('pipelined requests are answered in order', async t => {
	const backend = await startScripted(t, ({socket}) =>
		socket.on('data', heads => {
			for (const [, path = ''] of String(heads).matchAll(/^GET \/(\d+) /gm)) {
				socket.write(response(path.slice(-1)));
			}
		}),
	);
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	const client = await openTls(t, tunnel);
	const paths = Array.from({length: 50}, (_, index) => String(index));
	client.write(paths.map(path => get(`/${path}`)).join(''));
	const bodies = () => client.received.replace(/HTTP\/1\.1 200 OK\r\n(.+\r\n)+\r\n/g, '');
	while (bodies().length < paths.length) {
		await client.more();
	}
	t.is(bodies(), '0123456789'.repeat(5));
});

test('a request right behind a body is a request of its own', async t => {
	const backend = await startScripted(t, connection => {
		let answered = 0;
		connection.socket.on('data', () => {
			const requests =
				connection.received.match(/POST \/1[\s\S]*hello|GET \/2[\s\S]*\r\n\r\n/g) ?? [];
			for (; answered < requests.length; answered++) {
				connection.write(response(requests[answered]?.includes('/2') ? '2' : '1'));
			}
		});
	});
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	const client = await openTls(t, tunnel);
	client.write(`POST /1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello${get('/2')}`);
	t.regex(await client.until('\r\n\r\n2'), /\r\n\r\n1HTTP/);
});
