import {createServer, type IncomingMessage} from 'node:http';
import {Duplex} from 'node:stream';
import type {Message} from '../helpers/read-messages.js';

/** What Node's HTTP server reads from some bytes. */
export interface NodeReading {
	/** Complete requests. */
	readonly requests: ReadonlyArray<{
		readonly method: string;
		readonly target: string;
		readonly fields: readonly string[];
		readonly body: string;
		readonly trailers: readonly string[];
	}>;
	/** Node's name for what is wrong with them. */
	readonly fault: string | undefined;
}

/** Has Node's HTTP server read a connection that carries these bytes and ends. */
export function readByNode(text: string): Promise<NodeReading> {
	return new Promise(resolve => {
		const requests: Array<NodeReading['requests'][number]> = [];
		const server = createServer({
			maxHeaderSize: 2 ** 20,
			keepAliveTimeout: 0,
			headersTimeout: 0,
			requestTimeout: 0,
		});
		server.maxHeadersCount = 0;
		let fault: string | undefined;
		const take = (request: IncomingMessage, end: () => void) => {
			let body = '';
			request.setEncoding('latin1');
			request.on('data', chunk => {
				body += chunk;
			});
			request.on('end', () => {
				requests.push({
					method: request.method ?? '',
					target: request.url ?? '',
					fields: request.rawHeaders,
					body,
					trailers: request.rawTrailers,
				});
				end();
			});
			request.on('error', () => undefined);
		};
		for (const event of ['request', 'checkContinue', 'checkExpectation'] as const) {
			server.on(event, (request, response) => take(request, () => response.end()));
		}
		server.on('upgrade', request => take(request, () => undefined));
		server.on('clientError', (error: NodeJS.ErrnoException) => {
			fault ??= error.code ?? error.message;
		});
		const connection = new Duplex({
			read: () => undefined,
			write: (_chunk, _encoding, callback) => callback(),
		});
		connection.on('error', () => undefined);
		server.emit('connection', connection);
		connection.push(Buffer.from(text, 'latin1'));
		setImmediate(() =>
			setImmediate(() =>
				setImmediate(() => {
					connection.destroy();
					server.close();
					resolve({requests, fault});
				}),
			),
		);
	});
}

/** Fields of a message read line by line, in Node's form. */
export function rawFields(lines: Message['fields']): string[] {
	return lines.flatMap(line => {
		const colon = line.indexOf(':');
		return [line.slice(0, colon), line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '')];
	});
}
