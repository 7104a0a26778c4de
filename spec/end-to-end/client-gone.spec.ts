import {join} from 'node:path';
import ava from 'ava';
import {abandon, departures, resetStream} from '../helpers/abandon.js';
import {fetchEither} from '../helpers/either.js';
import {follow, type RawClient} from '../helpers/raw-client.js';
import {startScripted} from '../helpers/scripted.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';
import {startTunnel} from '../helpers/tunnel.js';
import {until} from '../helpers/until.js';
import {dialAs, onHttp2, test} from '../helpers/versions.js';
import {agreeTo, askFor} from '../helpers/websocket-upgrade.js';

const get = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';
const upload = 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n';
const chunkedUpload = 'POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n';
const upgrade = askFor('/');
const endless = Buffer.alloc(64 * 2 ** 20);

interface Stage {
	readonly sends: string;
	/** What has to have come to the backend, and to the client, before the client leaves. */
	readonly arrives: string;
	readonly sees?: string;
	/** What the backend does upon the first bytes that come. */
	readonly answer?: (connection: RawClient) => void;
}

const says = (text: string) => (connection: RawClient) => connection.write(text);

const agrees = (connection: RawClient) => connection.write(agreeTo(connection.received));

/** Sends more than fits on the way, so that the proxy cannot wait until all of it has left. */
const floods = (head?: string) => (connection: RawClient) => {
	connection.write(head ?? agreeTo(connection.received));
	connection.write(endless);
};

const stages: Readonly<Record<string, Stage>> = {
	'before the response': {sends: get, arrives: '\r\n\r\n'},
	'after an informational response': {
		sends: get,
		arrives: '\r\n\r\n',
		answer: says('HTTP/1.1 103 Early Hints\r\n\r\n'),
		sees: '\r\n\r\n',
	},
	'with its upload expected and not sent': {
		sends: upload.replace('\r\n\r\n', '\r\nExpect: 100-continue\r\n\r\n'),
		arrives: '\r\n\r\n',
	},
	'in the middle of its upload': {sends: `${upload}half`, arrives: 'half'},
	'in the middle of its upload in chunks': {sends: `${chunkedUpload}8\r\nhalf`, arrives: 'half'},
	'after its upload': {sends: `${upload}${'x'.repeat(100)}`, arrives: 'xx'},
	'in the middle of the response': {
		sends: get,
		arrives: '\r\n\r\n',
		answer: says('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart'),
		sees: 'part',
	},
	'in the middle of a response in chunks': {
		sends: get,
		arrives: '\r\n\r\n',
		answer: says('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\npart'),
		sees: 'part',
	},
	'in the middle of a response that ends with its connection': {
		sends: get,
		arrives: '\r\n\r\n',
		answer: says('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\npart'),
		sees: 'part',
	},
	'in the middle of a response that goes on': {
		sends: get,
		arrives: '\r\n\r\n',
		answer: floods(`HTTP/1.1 200 OK\r\nContent-Length: ${endless.length}\r\n\r\n`),
		sees: '\r\n\r\n',
	},
	'while both bodies are under way': {
		sends: `${upload}half`,
		arrives: 'half',
		answer: says('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart'),
		sees: 'part',
	},
	'before the backend has agreed to switch': {sends: upgrade, arrives: '\r\n\r\n'},
	'in a tunnel': {sends: upgrade, arrives: '\r\n\r\n', answer: agrees, sees: '\r\n\r\n'},
	'in a tunnel through which much comes': {
		sends: upgrade,
		arrives: '\r\n\r\n',
		answer: floods(),
		sees: '\r\n\r\n',
	},
};

for (const [when, {sends, arrives, sees, answer}] of Object.entries(stages)) {
	onHttp2(ava)(
		`a client that resets its stream ${when} frees the backend's connection at once`,
		async t => {
			const backend = await startScripted(t, connection => {
				connection.socket.once('data', () => answer?.(connection));
			});
			const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
			// So that the connection stays when the stream has gone.
			const socket = dialAs('HTTP/2', tunnel, {allowHalfOpen: true});
			const client = follow(t, socket);
			client.write(sends);
			const connection = await backend.connection();
			await connection.until(arrives);
			await client.until(sees ?? '');
			resetStream(socket);
			await connection.closed();
			t.false(socket.destroyed);
			t.is(backend.connections.length, 1);
		},
	);

	for (const [how, leave] of Object.entries(departures)) {
		test(`a client that ${how} ${when} frees the backend's connection at once`, async t => {
			const backend = await startScripted(t, connection => {
				connection.socket.once('data', () => answer?.(connection));
			});
			const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
			await abandon(t, tunnel, sends, leave, async received => {
				await (await backend.connection()).until(arrives);
				return sees === undefined || received.includes(sees);
			});
			const connection = await backend.connection();
			await connection.closed();
			t.is(backend.connections.length, 1);
		});
	}
}

for (const [how, leave] of Object.entries(departures)) {
	test(`a client that ${how} while its request is held is no longer dialled for`, async t => {
		const path = join(temporaryDirectory(t), 'backend.sock');
		const tunnel = await startTunnel(t, `unix:${path}`, {wait: 600});
		let over = 0;
		tunnel.on('exchange', ({complete}) => {
			over += complete ? 0 : 1;
		});
		for (const text of [get, `${upload}half`, upgrade]) {
			await abandon(t, tunnel, text, leave, async () => {
				// Answered without a backend, and behind the other: so that one is held by now.
				const {status} = await fetchEither(t, tunnel, 'HTTP/1.1', {host: 'foreign.example'});
				return status === 421;
			});
		}
		await until('the tunnel knows that they have left', () => over === 3);
		t.pass();
	});
}
