/** Connections that are opened, used for one request, and then stay: it tells when all are there. */
import {connect, createSecureContext, type TLSSocket} from 'node:tls';
import {offered} from '../peers/probe.js';
import {connections, host, port} from './asked.js';

/** Handshakes at a time. */
const parallel = 32;

const secureContext = createSecureContext({...offered, minVersion: 'TLSv1.3'});
const request = `GET /small HTTP/1.1\r\nHost: ${host}:${port}\r\nAccept: */*\r\n\r\n`;
const open = new Set<TLSSocket>();
let begun = 0;
let ready = 0;

/** As many as were begun have come to their end, good or bad: the bench counts what is open. */
const settle = (): void => {
	if (++ready === connections) {
		process.send?.('ready');
	}
	next();
};

const next = (): void => {
	if (begun === connections) {
		return;
	}
	begun++;
	const socket = connect({
		secureContext,
		ecdhCurve: offered.ecdhCurve,
		port,
		host: '127.0.0.1',
		servername: host,
		rejectUnauthorized: false,
		ALPNProtocols: ['http/1.1'],
	});
	let settled = false;
	const once = (): void => {
		if (!settled) {
			settled = true;
			settle();
		}
	};
	open.add(socket);
	socket.on('error', () => {
		// It closes then.
	});
	socket.on('close', () => {
		open.delete(socket);
		once();
	});
	socket.on('data', once);
	socket.write(request);
};

process.on('message', () => {
	process.send?.(open.size);
});
process.on('disconnect', () => {
	process.exit();
});
for (let each = 0; each < parallel; each++) {
	next();
}
