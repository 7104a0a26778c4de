import {once} from 'node:events';
import {type AddressInfo, connect as connectTcp, createServer, type Socket} from 'node:net';
import {setImmediate as turn} from 'node:timers/promises';
import type {Version} from './either.js';
import type {Endpoint} from './endpoint.js';
import type {GeneratedConnection} from './generated-exchanges.js';
import {type Message, readRequests, readResponses} from './read-messages.js';
import {type Connection, dialAs, opened} from './versions.js';
import {cut, requestText, responseText} from './write-exchanges.js';

/** What each side has seen of the exchanges of one connection. */
export interface Seen {
	/** By the backend, in the order of the client's requests. */
	readonly requests: readonly Message[];
	/** By the client. */
	readonly responses: readonly Message[];
}

/** A backend that answers each generated request as it is to be answered. */
export interface ScriptedByKey {
	readonly port: number;
	/** Takes a connection on: gives the keys of its exchanges. */
	expect(connection: GeneratedConnection): readonly number[];
	requestOf(key: number): Message | undefined;
	close(): void;
}

/** Starts that backend. */
export async function startScriptedByKey(): Promise<ScriptedByKey> {
	const scripts = new Map<number, {readonly pieces: string[]; readonly closes: boolean}>();
	const requests = new Map<number, Message>();
	const open = new Set<Socket>();
	let keys = 0;
	const server = createServer({noDelay: true}, socket => {
		open.add(socket);
		socket.on('error', () => undefined);
		socket.once('close', () => open.delete(socket));
		let unread = '';
		let last = Promise.resolve();
		socket.setEncoding('latin1').on('data', (text: string) => {
			unread += text;
			const {messages, rest} = readRequests(unread);
			if (messages.some(({complete}) => !complete)) {
				return;
			}
			unread = rest;
			for (const message of messages) {
				const key = Number(/\/(\d+)\?/.exec(message.start)?.[1]);
				const script = scripts.get(key);
				requests.set(key, message);
				last = last.then(() => answer(socket, script));
			}
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		port: (server.address() as AddressInfo).port,
		expect({exchanges, responseCuts, closes}) {
			return exchanges.map((exchange, index) => {
				const key = keys++;
				const isLast = index === exchanges.length - 1;
				const ends = exchange.responseBody.framing === 'close' || exchange.minor === 0;
				scripts.set(key, {
					pieces: cut(responseText(exchange), responseCuts),
					closes: isLast && (closes || ends),
				});
				return key;
			});
		},
		requestOf: key => requests.get(key),
		close() {
			for (const socket of open) {
				socket.destroy();
			}
			server.close();
		},
	};
}

async function answer(
	socket: Socket,
	script: {readonly pieces: string[]; readonly closes: boolean} | undefined,
): Promise<void> {
	for (const piece of script?.pieces ?? []) {
		socket.write(piece, 'latin1');
		await turn();
	}
	if (script?.closes) {
		socket.end();
	}
}

/** A tunnel, and what its client speaks. */
export interface Through {
	readonly tunnel: Endpoint;
	readonly version: Version;
}

/** Opens a connection, and says when it is there. */
function open(port: number, through: Through | undefined): [Socket | Connection, Promise<unknown>] {
	if (through === undefined) {
		const socket = connectTcp({port, host: '127.0.0.1', noDelay: true});
		return [socket, once(socket, 'connect')];
	}
	const connection = dialAs(through.version, through.tunnel);
	return [connection, opened(connection)];
}

/** Sends the requests of a connection, to the backend itself or through a tunnel, and sees what comes. */
export async function exchangeAll(
	backend: ScriptedByKey,
	connection: GeneratedConnection,
	through: Through | undefined,
): Promise<Seen> {
	const keys = backend.expect(connection);
	const {exchanges} = connection;
	const methods = exchanges.map(({method}) => method);
	const [socket, isOpen] = open(backend.port, through);
	socket.on('error', () => undefined);
	let received = '';
	let ended = false;
	let timer: NodeJS.Timeout | undefined;
	const done = new Promise<readonly Message[]>((resolve, reject) => {
		const look = () => {
			const {messages, rest} = readResponses(received, methods, ended);
			const final = messages.filter(({start}) => !/^HTTP\/1\.\d 1/.test(start));
			if (final.length === methods.length && final.at(-1)?.complete && rest === '') {
				resolve(messages);
			} else if (ended) {
				reject(new Error(`it ended after ${JSON.stringify(received.slice(0, 2000))}`));
			}
		};
		const lookSafely = () => {
			try {
				look();
			} catch (error) {
				reject(error);
			}
		};
		socket.setEncoding('latin1').on('data', (text: string) => {
			received += text;
			lookSafely();
		});
		socket.once('close', () => {
			ended = true;
			lookSafely();
		});
		timer = setTimeout(
			() => reject(new Error(`nothing more came after ${JSON.stringify(received.slice(0, 2000))}`)),
			20_000,
		);
	});
	done.catch(() => undefined);
	await isOpen;
	const text = exchanges.map((exchange, index) => requestText(exchange, keys[index] ?? 0)).join('');
	for (const piece of cut(text, connection.requestCuts)) {
		if (socket.writable) {
			socket.write(Buffer.from(piece, 'latin1'));
			await turn();
		}
	}
	try {
		const responses = await done;
		const requests = keys.map(key => backend.requestOf(key)).filter(seen => seen !== undefined);
		return {requests, responses};
	} finally {
		clearTimeout(timer);
		socket.destroy();
	}
}
