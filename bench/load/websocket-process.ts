/** WebSocket messages: on each connection the next is sent when the last one has come back. */
import {randomBytes} from 'node:crypto';
import {connect} from 'node:tls';
import {offered} from '../peers/probe.js';
import {connections, host, port} from './asked.js';
import {done, failed} from './generator.js';

const payload = 64;
/** A text message, masked as RFC 6455 section 5.3 asks of clients. */
const message = Buffer.concat([
	Buffer.from([0x81, 0x80 | payload]),
	Buffer.from([0x37, 0xfa, 0x21, 0x3d]),
	Buffer.alloc(payload, 'sealport'),
]);
const echoed = 2 + payload;

const open = (): void => {
	const socket = connect({
		...offered,
		port,
		host: '127.0.0.1',
		servername: host,
		rejectUnauthorized: false,
		ALPNProtocols: ['http/1.1'],
	});
	socket.setNoDelay();
	socket.on('error', error => failed(error.message));
	socket.on('close', () => failed('closed'));
	socket.write(
		[
			'GET /echo HTTP/1.1',
			`Host: ${host}:${port}`,
			'Upgrade: websocket',
			'Connection: Upgrade',
			`Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
			'Sec-WebSocket-Version: 13',
			'',
			'',
		].join('\r\n'),
	);
	let head = '';
	let missing = 0;
	const take = (data: Buffer): void => {
		missing -= data.length;
		if (missing <= 0) {
			done();
			missing += echoed;
			socket.write(message);
		}
	};
	const begin = (data: Buffer): void => {
		head += data.toString('latin1');
		if (head.includes('\r\n\r\n')) {
			if (!head.startsWith('HTTP/1.1 101')) {
				failed(head.slice(0, head.indexOf('\r\n')));
			}
			socket.off('data', begin);
			socket.on('data', take);
			missing = echoed;
			socket.write(message);
		}
	};
	socket.on('data', begin);
};

for (let each = 0; each < connections; each++) {
	open();
}
