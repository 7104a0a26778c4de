/**
 * Requests over HTTP/1.1, one at a time on each connection. Unlike h2load it comes back when a peer closes
 * connections, and as browsers do it resumes the session then.
 */
import {connect, createSecureContext} from 'node:tls';
import {offered} from '../peers/probe.js';
import {connections, host, paths, port} from './asked.js';
import {done, failed, goesOn} from './generator.js';

const secureContext = createSecureContext({...offered, minVersion: 'TLSv1.3'});
const requests = paths.map(
	path => `GET ${path} HTTP/1.1\r\nHost: ${host}:${port}\r\nAccept: */*\r\n\r\n`,
);
const headEnd = '\r\n\r\n';
let session: Buffer | undefined;
let turn = 0;

const open = (): void => {
	const socket = connect({
		secureContext,
		ecdhCurve: offered.ecdhCurve,
		session,
		port,
		host: '127.0.0.1',
		servername: host,
		rejectUnauthorized: false,
		ALPNProtocols: ['http/1.1'],
	});
	let head = '';
	/** Bytes of the body that are still to come; while it is negative the head is. */
	let missing = -1;
	const send = (): void => {
		head = '';
		missing = -1;
		socket.write(requests[turn++ % requests.length] ?? '');
	};
	socket.on('session', given => {
		session = given;
	});
	socket.on('error', error => failed(error.message));
	socket.on('close', () => {
		if (head !== '') {
			failed('closed within a response');
		}
		if (goesOn()) {
			open();
		}
	});
	socket.on('data', data => {
		if (missing < 0) {
			head += data.toString('latin1');
			const end = head.indexOf(headEnd);
			if (end < 0) {
				return;
			}
			if (!head.startsWith('HTTP/1.1 200')) {
				failed(head.slice(0, head.indexOf('\r\n')));
			}
			const length = Number(/\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
			missing = length - (head.length - end - headEnd.length);
		} else {
			missing -= data.length;
		}
		if (missing <= 0) {
			done();
			if (/\nconnection: *close/i.test(head)) {
				head = '';
				socket.end();
			} else {
				send();
			}
		}
	});
	send();
};

for (let each = 0; each < connections; each++) {
	open();
}
