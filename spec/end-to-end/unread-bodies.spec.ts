import type {Socket} from 'node:net';
import type {Writable} from 'node:stream';
import {setTimeout as pause} from 'node:timers/promises';
import type {ExecutionContext} from 'ava';
import {startRawBackend} from '../helpers/backend.js';
import {writeBulk} from '../helpers/bulk.js';
import {fetchHttp1} from '../helpers/fetch.js';
import {onLane} from '../helpers/lanes.js';
import {descriptors, onLinux, residentMemory} from '../helpers/process.js';
import type {RawClient} from '../helpers/raw-client.js';
import {until} from '../helpers/until.js';
import {type Connection, onEachVersion, openClient} from '../helpers/versions.js';
import {agreeTo, askFor} from '../helpers/websocket-upgrade.js';
import {type Wrapped, wrap} from '../helpers/wrapped.js';

const size = 2 ** 30;
const mebibyte = 2 ** 20;

const upgrade = askFor('/');

/** A client, a backend that has its request, and the proxy between them. */
interface Ends {
	readonly client: RawClient<Connection>;
	readonly backend: Socket;
	readonly wrapped: Wrapped;
	/** How many descriptors the proxy had before they came. */
	readonly before: number;
}

/** Sends a request; nobody reads what comes after its head, or after the head of the response. */
async function begin(t: ExecutionContext, request: string, response: string): Promise<Ends> {
	let arrived: (socket: Socket) => void = () => undefined;
	const arrival = new Promise<Socket>(resolve => {
		arrived = resolve;
	});
	const {port} = await startRawBackend(t, socket => {
		socket.once('data', head => {
			if (String(head).startsWith('GET /quick ')) {
				socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok');
				return;
			}
			socket.pause();
			socket.write(response === '101' ? agreeTo(head) : response);
			arrived(socket);
		});
	});
	const wrapped = await wrap(t, port);
	const before = descriptors(wrapped.pid);
	await fetchHttp1(wrapped, '/quick');
	await until('it is at rest', () => descriptors(wrapped.pid) <= before);
	const client = await openClient(t, wrapped);
	client.write(request);
	if (response !== '') {
		await client.until('\r\n\r\n');
	}
	client.socket.pause();
	return {client, backend: await arrival, wrapped, before};
}

const ways: Readonly<Record<string, readonly [string, string, 'client' | 'backend']>> = {
	'a client that reads nothing of a 1 GiB response': [
		'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n',
		`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`,
		'backend',
	],
	'a client that reads nothing of a response without end': [
		'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n',
		'HTTP/1.1 200 OK\r\n\r\n',
		'backend',
	],
	'a backend that reads nothing of a 1 GiB upload': [
		`POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${size}\r\n\r\n`,
		'',
		'client',
	],
	'a backend that has answered and reads nothing of a 1 GiB upload': [
		`POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${size}\r\n\r\n`,
		'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
		'client',
	],
	'a client that reads nothing of a tunnel': [upgrade, '101', 'backend'],
	'a backend that reads nothing of a tunnel': [upgrade, '101', 'client'],
};

for (const [who, [request, response, sender]] of Object.entries(ways)) {
	// Once the response is complete, Node's HTTP client no longer says when there is room for more, or that
	// there never will be. So the message lane keeps such a client until it has been idle for too long.
	const answered = response.endsWith('ok');
	const test = answered ? onLane('wire', onLinux) : onEachVersion(onLinux);
	test(`${who} takes no memory, and nothing is left when both have gone`, async t => {
		const {client, backend, wrapped, before} = await begin(t, request, response);
		const memory = residentMemory(wrapped.pid);
		const from = sender === 'backend' ? backend : client.socket;
		let failed = false;
		from.on('error', () => {
			failed = true;
		});
		void writeBulk(from, size).catch(() => undefined);
		const taken = await standstill(from);
		const grown = residentMemory(wrapped.pid) - memory;
		t.log(`taken: ${inMebibytes(taken)} MiB; grown by ${inMebibytes(grown)} MiB`);
		t.true(taken < 64 * mebibyte);
		t.true(grown < 32 * mebibyte);
		t.false(failed);
		// While nobody reads from a client, nothing says that it has left: it takes both to go.
		backend.destroy();
		client.socket.destroy();
		await until('nothing is left of it', () => descriptors(wrapped.pid) <= before);
		t.is((await fetchHttp1(wrapped, '/quick')).body, 'ok');
	});
}

/** Resolves with how much a stream has got rid of when it gets rid of no more. */
async function standstill(stream: Writable & {readonly bytesWritten: number}): Promise<number> {
	let before = -1;
	for (;;) {
		const now = stream.bytesWritten - stream.writableLength;
		if (now === before) {
			return now;
		}
		before = now;
		await pause(1000);
	}
}

function inMebibytes(bytes: number): string {
	return (bytes / mebibyte).toFixed(1);
}
