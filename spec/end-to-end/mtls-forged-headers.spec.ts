import type {IncomingHttpHeaders, ServerHttp2Stream} from 'node:http2';
import {dirname} from 'node:path';
import type {ExecutionContext} from 'ava';
import plain from 'ava';
import {clientsOf} from '../helpers/client-certificates.js';
import type {Endpoint} from '../helpers/endpoint.js';
import {startH2cServer} from '../helpers/http2/backend.js';
import {openRawHttp2} from '../helpers/http2/client.js';
import {get, post, request} from '../helpers/http2/fields.js';
import {frame} from '../helpers/http2/frames.js';
import {test} from '../helpers/lanes.js';
import {openTls} from '../helpers/raw-client.js';
import {ok, startScripted} from '../helpers/scripted.js';
import {startTunnel} from '../helpers/tunnel.js';
import {agreeTo, askFor} from '../helpers/websocket-upgrade.js';

/** What programs behind a gateway may take for the fields by which Sealport says who the client is. */
const forged = [
	'Sealport-Client',
	'sealport-client',
	'SEALPORT-CLIENT',
	'Sealport_Client',
	'sealport.client',
	'Client-Cert',
	'client_cert',
	'CLIENT~CERT',
	'Client-Cert-Chain',
	'client_cert-chain',
	'client-cert_chain',
	'CLIENT_CERT_CHAIN',
];

const lines = ['X-First: 1', ...forged.map(name => `${name}: mallory`), 'X-Last: 2'].join('\r\n');
const fields = lines.split('\r\n').map(line => {
	const [name = '', value = ''] = line.toLowerCase().split(': ');
	return [name, value] as const;
});

const http1Head = 'POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n';

/** With nobody asked for a certificate, and as alice. */
const guests = ['nobody', 'alice'] as const;

async function endpointFor(
	t: ExecutionContext,
	guest: (typeof guests)[number],
	backend: string,
): Promise<Endpoint> {
	const tunnel = await startTunnel(t, backend, {mtls: guest === 'alice'});
	const {port, ca, caFile = ''} = tunnel;
	return guest === 'alice'
		? {port, ca, client: (await clientsOf(dirname(caFile))).alice}
		: {port, ca};
}

/** All lines that say who the client is, however they are spelt. */
const told = (received: string) =>
	received.match(/^(sealport.client|client.cert(.chain)?): .*$/gim) ?? [];

function assertTold(t: ExecutionContext, guest: (typeof guests)[number], received: string): void {
	t.notRegex(received, /mallory/);
	t.regex(received, /x-first: 1/i);
	t.regex(received, /x-last: 2/i);
	const [name = '', certificate = '', ...more] = told(received);
	if (guest === 'alice') {
		t.is(name, 'Sealport-Client: alice');
		t.regex(certificate, /^Client-Cert: :MII[\w+/]+=*:$/);
	} else {
		t.is(name, '');
	}
	t.deepEqual(more, []);
}

for (const guest of guests) {
	test(`HTTP/1.1: who ${guest} is cannot be forged by header fields or trailers`, async t => {
		const backend = await startScripted(t, connection =>
			connection.until(/\r\n0\r\n(.+\r\n)*\r\n$/).then(() => connection.write(ok)),
		);
		const client = await openTls(t, await endpointFor(t, guest, `127.0.0.1:${backend.port}`));
		client.write(`${http1Head}${lines}\r\n\r\n4\r\nbody\r\n0\r\n${lines}\r\n\r\n`);
		t.regex(await client.until('\r\n\r\n'), /^HTTP\/1\.1 200 /);
		assertTold(t, guest, backend.received);
	});

	test(`HTTP/1.1: nor by a Connection field that names them, as ${guest}`, async t => {
		const backend = await startScripted(t, ok);
		const client = await openTls(t, await endpointFor(t, guest, `127.0.0.1:${backend.port}`));
		client.write(
			`GET / HTTP/1.1\r\nHost: localhost\r\n${lines}\r\nConnection: ${forged.join(', ')}\r\n\r\n`,
		);
		t.regex(await client.until('\r\n\r\n'), /^HTTP\/1\.1 200 /);
		assertTold(t, guest, backend.received);
	});

	test(`HTTP/1.1: nor with a WebSocket, as ${guest}`, async t => {
		const backend = await startScripted(t, connection =>
			connection.until('\r\n\r\n').then(asked => connection.write(agreeTo(asked))),
		);
		const client = await openTls(t, await endpointFor(t, guest, `127.0.0.1:${backend.port}`));
		client.write(askFor('/', `${lines}\r\n`));
		t.regex(await client.until('\r\n\r\n'), /^HTTP\/1\.1 101 /);
		assertTold(t, guest, backend.received);
	});

	test(`HTTP/2: who ${guest} is cannot be forged by header fields or trailers`, async t => {
		const backend = await startScripted(t, connection =>
			connection.until(/\r\n0\r\n(.+\r\n)*\r\n$/).then(() => connection.write(ok)),
		);
		const client = await openRawHttp2(t, await endpointFor(t, guest, `127.0.0.1:${backend.port}`));
		client.send(frame.headers(1, post('/', ...fields), {endStream: false}), frame.data(1, 'body'));
		client.send(frame.headers(1, fields));
		await client.next({type: 'HEADERS', stream: 1});
		assertTold(t, guest, backend.received);
	});

	test(`HTTP/2: nor with a WebSocket, as ${guest}`, async t => {
		const backend = await startScripted(t, connection =>
			connection.until('\r\n\r\n').then(asked => connection.write(agreeTo(asked))),
		);
		const client = await openRawHttp2(t, await endpointFor(t, guest, `127.0.0.1:${backend.port}`));
		const asked = request('CONNECT', '/', [':protocol', 'websocket'], ...fields);
		client.send(frame.headers(1, asked, {endStream: false}));
		await client.next({type: 'HEADERS', stream: 1});
		assertTold(t, guest, backend.received);
	});

	for (const version of ['HTTP/1.1', 'HTTP/2']) {
		plain(`${version}: nor before a backend that speaks HTTP/2, as ${guest}`, async t => {
			const {route, server} = await startH2cServer(t);
			let received = '';
			const note = (
				stream: ServerHttp2Stream,
				_headers: IncomingHttpHeaders,
				_flags: number,
				raw: readonly string[],
			) => {
				for (let index = 0; index < raw.length; index += 2) {
					received += `${raw[index]}: ${raw[index + 1]}\r\n`;
				}
				stream.respond({':status': 200});
				stream.end('ok');
			};
			server.on('stream', note);
			const endpoint = await endpointFor(t, guest, route);
			if (version === 'HTTP/2') {
				const client = await openRawHttp2(t, endpoint);
				client.send(frame.headers(1, get('/', ...fields)));
				await client.next({type: 'HEADERS', stream: 1});
			} else {
				const client = await openTls(t, endpoint);
				client.write(`GET / HTTP/1.1\r\nHost: localhost\r\n${lines}\r\n\r\n`);
				await client.until('ok');
			}
			const cased = received
				.replace('sealport-client', 'Sealport-Client')
				.replace('client-cert', 'Client-Cert');
			assertTold(t, guest, cased);
		});
	}
}
