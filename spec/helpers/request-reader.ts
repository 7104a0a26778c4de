import {valuesIn} from './read-messages.js';

/** The head of a request, as it was written. */
export interface RequestHead {
	readonly method: string;
	readonly target: string;
	/** Name and value of each field, in their order. */
	readonly fields: ReadonlyArray<readonly [name: string, value: string]>;
	/** The protocol that it asks to switch to. */
	readonly upgrade: string | undefined;
	readonly body: 'none' | 'sized' | 'chunked' | 'tunnel';
	/** Whether the connection is to end behind its response. */
	readonly closes: boolean;
	/** Lower-case names of the fields that belong to this connection (RFC 9110 section 7.6.1). */
	readonly hops: ReadonlySet<string>;
}

/** Is told of a request while it is being written. */
export interface RequestHandler {
	head(head: RequestHead): void;
	data(bytes: Buffer): void;
	end(trailers: ReadonlyArray<readonly [name: string, value: string]>): void;
}

/** Where in a request the next byte belongs; behind a whole one, bytes rest until `next` is called. */
type Place = 'head' | 'data' | 'size' | 'behind chunk' | 'trailers' | 'tunnel' | 'rest';

const always = ['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade'];

/** Reads requests of HTTP/1.1 in whatever pieces they come. What is wrong with them is not looked for. */
export class RequestReader {
	readonly #handler: RequestHandler;
	#place: Place = 'head';
	#held: Buffer = Buffer.alloc(0);
	#left = 0;
	#isChunked = false;
	#trailers: Array<readonly [string, string]> = [];

	constructor(handler: RequestHandler) {
		this.#handler = handler;
	}

	read(chunk: Buffer): void {
		let bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
		this.#held = Buffer.alloc(0);
		for (let used = 1; used > 0 && bytes.length > 0; bytes = bytes.subarray(used)) {
			used = this.#step(bytes);
		}
		this.#held = bytes;
	}

	/** Goes on behind a whole request. */
	next(): void {
		if (this.#place === 'rest') {
			this.#place = 'head';
			this.read(Buffer.alloc(0));
		}
	}

	/** Reads what it can, and says how many bytes that were; 0 when it takes more of them. */
	#step(bytes: Buffer): number {
		switch (this.#place) {
			case 'rest':
				return 0;
			case 'tunnel':
				this.#handler.data(bytes);
				return bytes.length;
			case 'head':
				return this.#line(bytes, '\r\n\r\n', text => this.#head(text));
			case 'size':
				return this.#line(bytes, '\r\n', text => {
					this.#left = Number.parseInt(text, 16);
					this.#place = this.#left === 0 ? 'trailers' : 'data';
				});
			case 'behind chunk':
				return this.#line(bytes, '\r\n', () => {
					this.#place = 'size';
				});
			case 'trailers':
				return this.#line(bytes, '\r\n', text => {
					if (text === '') {
						this.#end();
					} else {
						this.#trailers.push(pairOf(text));
					}
				});
			case 'data': {
				const data = bytes.subarray(0, this.#left);
				this.#left -= data.length;
				this.#handler.data(data);
				if (this.#left === 0 && this.#isChunked) {
					this.#place = 'behind chunk';
				} else if (this.#left === 0) {
					this.#end();
				}
				return data.length;
			}
		}
	}

	#line(bytes: Buffer, end: string, act: (text: string) => void): number {
		const at = bytes.indexOf(end);
		if (at < 0) {
			return 0;
		}
		act(bytes.toString('latin1', 0, at));
		return at + end.length;
	}

	#head(text: string): void {
		const [start = '', ...lines] = text.split('\r\n');
		const [method = '', target = ''] = start.split(' ');
		const [coding] = valuesIn(lines, 'transfer-encoding');
		const [length] = valuesIn(lines, 'content-length');
		const named = valuesIn(lines, 'connection').flatMap(value => value.toLowerCase().split(/, */));
		const [protocol] = valuesIn(lines, 'upgrade');
		const upgrade = named.includes('upgrade') ? protocol : undefined;
		this.#isChunked = coding !== undefined;
		this.#left = Number(length ?? 0);
		this.#trailers = [];
		const body = this.#isChunked ? 'chunked' : this.#left > 0 ? 'sized' : 'none';
		this.#place = {chunked: 'size', sized: 'data', none: 'rest'}[body] as Place;
		if (upgrade !== undefined) {
			this.#place = 'tunnel';
		}
		this.#handler.head({
			method,
			target,
			fields: lines.map(pairOf),
			upgrade,
			body: upgrade === undefined ? body : 'tunnel',
			closes: named.includes('close'),
			hops: new Set([...always, ...named]),
		});
	}

	#end(): void {
		this.#place = 'rest';
		this.#handler.end(this.#trailers);
	}
}

function pairOf(line: string): readonly [string, string] {
	const colon = line.indexOf(':');
	return [line.slice(0, colon), line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '')];
}
