import {type ClientHttp2Session, type ClientHttp2Stream, connect} from 'node:http2';
import {Duplex} from 'node:stream';
import type {TLSSocket} from 'node:tls';
import {type RequestHead, RequestReader} from './request-reader.js';
import {headOf, linesOf} from './response-text.js';
import {acceptOf} from './websocket-upgrade.js';

type Callback = (error?: Error | null) => void;

/**
 * A connection that takes requests as HTTP/1.1 writes them, sends them by HTTP/2, and gives what comes
 * back as HTTP/1.1 again. So what is written for the one holds for the other, be it bytes of a spec or a
 * client such as `ws` (RFC 8441). One request runs at a time. A stream that is reset ends it as a
 * connection does that breaks off.
 */
export class Http1OverHttp2 extends Duplex {
	/** What it runs over. */
	readonly tls: TLSSocket;
	readonly #session: ClientHttp2Session;
	readonly #reader = new RequestReader({
		head: head => this.#request(head),
		data: bytes => this.#send(bytes),
		end: trailers => this.#endRequest(trailers),
	});
	#stream: ClientHttp2Stream | undefined;
	#trailers: Record<string, string[]> = {};
	#tunnels = false;
	#taken = 0;

	/** @param tls a connection on which HTTP/2 is, or will be, agreed; it ends with this */
	constructor(tls: TLSSocket, {allowHalfOpen = false} = {}) {
		super({allowHalfOpen});
		this.tls = tls;
		this.#session = connect('https://localhost', {
			createConnection: () => tls,
			// Megabytes. With what waits to be sent counted, Node would give up by itself.
			maxSessionMemory: 1000,
			maxSendHeaderBlockLength: 2 ** 20,
		});
		this.#session.on('error', () => undefined);
		this.#session.once('close', () => this.#cut());
	}

	/** The stream of the request that runs. */
	get stream(): ClientHttp2Stream | undefined {
		return this.#stream;
	}

	/** As a socket counts it: with what waits. */
	get bytesWritten(): number {
		return this.#taken + this.writableLength;
	}

	override _construct(callback: Callback): void {
		const closed = () => callback(new Error('closed before its settings came'));
		this.#session.once('close', closed);
		// Before, nobody knows whether WebSockets may be asked for.
		this.#session.once('remoteSettings', () => {
			this.#session.off('close', closed);
			callback();
			this.emit('ready');
		});
	}

	override _write(chunk: Buffer, _encoding: BufferEncoding, callback: Callback): void {
		this.#reader.read(chunk);
		const stream = this.#stream;
		const taken = () => {
			stream?.off('drain', taken).off('close', taken);
			this.#taken += chunk.length;
			callback();
		};
		if (stream?.writableNeedDrain && !stream.destroyed) {
			stream.once('drain', taken).once('close', taken);
		} else {
			taken();
		}
	}

	override _final(callback: Callback): void {
		if (this.#tunnels) {
			this.#stream?.end();
		} else {
			this.tls.end();
		}
		callback();
	}

	override _read(): void {
		this.#stream?.resume();
	}

	override _destroy(error: Error | null, callback: Callback): void {
		this.#session.destroy();
		this.tls.destroy();
		callback(error);
	}

	#request(head: RequestHead): void {
		let stream: ClientHttp2Stream;
		try {
			stream = this.#session.request(fieldsOf(head), {
				endStream: head.body === 'none',
				waitForTrailers: head.body === 'chunked',
			});
		} catch {
			this.#cut();
			return;
		}
		this.#stream = stream;
		this.#trailers = Object.create(null);
		stream.on('error', () => undefined);
		stream.once('wantTrailers', () => stream.sendTrailers(this.#trailers));
		stream.on('headers', (headers, _flags, ...rest: unknown[]) =>
			this.push(headOf(Number(headers[':status']), rest[0] as string[], []), 'latin1'),
		);
		stream.once('response', (headers, _flags, ...rest: unknown[]) =>
			this.#respond(head, stream, Number(headers[':status']), rest[0] as string[]),
		);
		stream.once('close', () => {
			if (stream.rstCode !== 0) {
				this.#cut();
			}
		});
	}

	#respond(head: RequestHead, stream: ClientHttp2Stream, status: number, raw: string[]): void {
		const agrees = head.upgrade !== undefined && status >= 200 && status < 300;
		const hasNone = head.method === 'HEAD' || status === 204 || status === 304;
		const isSized = raw.some((name, index) => index % 2 === 0 && name === 'content-length');
		const isChunked = !(agrees || hasNone || isSized);
		this.#tunnels = agrees;
		if (agrees) {
			const key = head.fields.find(([name]) => /^sec-websocket-key$/i.test(name))?.[1];
			const own = [
				'Connection: Upgrade',
				`Upgrade: ${head.upgrade}`,
				// HTTP/2 knows nothing of it, and clients insist on it.
				...(key === undefined ? [] : [`Sec-WebSocket-Accept: ${acceptOf(key)}`]),
			];
			this.push(headOf(101, raw, own), 'latin1');
		} else {
			const own = isChunked ? ['Transfer-Encoding: chunked'] : [];
			this.push(headOf(status, raw, own), 'latin1');
		}
		let trailers: string[] = [];
		stream.once('trailers', (_headers, _flags, ...rest: unknown[]) => {
			trailers = linesOf(rest[0] as string[]);
		});
		stream.on('data', (data: Buffer) => {
			const framed = isChunked
				? Buffer.concat([Buffer.from(`${data.length.toString(16)}\r\n`), data, Buffer.from('\r\n')])
				: data;
			if (!this.push(framed)) {
				stream.pause();
			}
		});
		stream.once('end', () => {
			if (stream.rstCode !== 0) {
				return;
			}
			if (isChunked) {
				this.push(`0\r\n${trailers.map(line => `${line}\r\n`).join('')}\r\n`, 'latin1');
			}
			if (agrees || head.closes) {
				this.push(null);
			} else {
				this.#stream = undefined;
				this.#reader.next();
			}
		});
	}

	#send(bytes: Buffer): void {
		if (this.#stream?.writable) {
			this.#stream.write(bytes);
		}
	}

	#endRequest(trailers: ReadonlyArray<readonly [string, string]>): void {
		for (const [name, value] of trailers) {
			this.#trailers[name.toLowerCase()] = [...(this.#trailers[name.toLowerCase()] ?? []), value];
		}
		if (this.#stream === undefined) {
			queueMicrotask(() => this.#reader.next());
		}
		this.#stream?.end();
	}

	#cut(): void {
		if (!this.readableEnded && !this.destroyed) {
			this.push(null);
		}
	}
}

/** The fields of a request as HTTP/2 has them; repeated ones side by side, since Node keeps them by name. */
function fieldsOf(head: RequestHead): Record<string, string | string[]> {
	// Any name may be that of a field.
	const fields: Record<string, string | string[]> = Object.create(null);
	fields[':method'] = head.method;
	fields[':path'] = head.target;
	fields[':scheme'] = 'https';
	for (const [name, value] of head.fields) {
		const lower = name.toLowerCase();
		if (lower === 'host') {
			fields[':authority'] = value;
		} else if (!head.hops.has(lower) && lower !== 'sec-websocket-key' && lower !== 'te') {
			fields[lower] = [...(fields[lower] ?? []), value];
		}
	}
	if (head.upgrade !== undefined) {
		fields[':method'] = 'CONNECT';
		fields[':protocol'] = head.upgrade;
	}
	return fields;
}
