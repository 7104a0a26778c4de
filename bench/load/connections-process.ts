/** New connections, each with a full handshake and one request; so many are open at a time. */
import {connect, createSecureContext} from 'node:tls';
import {offered} from '../peers/probe.js';
import {connections, host, port} from './asked.js';
import {done, failed, goesOn} from './generator.js';

const secureContext = createSecureContext({...offered, minVersion: 'TLSv1.3'});
const request = `GET /small HTTP/1.1\r\nHost: ${host}:${port}\r\nAccept: */*\r\n\r\n`;

const open = (): void => {
	const socket = connect({
		secureContext,
		ecdhCurve: offered.ecdhCurve,
		port,
		host: '127.0.0.1',
		servername: host,
		rejectUnauthorized: false,
		ALPNProtocols: ['http/1.1'],
	});
	let answered = false;
	socket.on('error', error => failed(error.message));
	socket.on('close', () => {
		if (answered) {
			done();
		} else {
			failed('closed without an answer');
		}
		if (goesOn()) {
			open();
		}
	});
	socket.once('data', data => {
		answered = data.toString('latin1').startsWith('HTTP/1.1 200');
		socket.end();
	});
	socket.write(request);
};

for (let each = 0; each < connections; each++) {
	open();
}
