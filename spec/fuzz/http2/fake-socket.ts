import {Duplex} from 'node:stream';

/** Whether its writes are done: at once, in the next turn, or never. */
export type Taking = 'all' | 'slowly' | 'nothing';

/** A connection without a network: remembers what is written to it, and is told what comes. */
export class FakeSocket extends Duplex {
	readonly remoteAddress = '127.0.0.1';
	readonly #taking: Taking;
	readonly #written: Buffer[] = [];

	constructor(taking: Taking) {
		super({read: () => undefined, emitClose: true});
		this.#taking = taking;
		this.on('error', () => undefined);
	}

	get written(): Buffer {
		return Buffer.concat(this.#written);
	}

	override _write(chunk: Buffer, _encoding: string, done: () => void): void {
		this.#written.push(Buffer.from(chunk));
		this.emit('taken', chunk);
		if (this.#taking === 'all') {
			done();
		} else if (this.#taking === 'slowly') {
			setImmediate(done);
		}
	}

	setTimeout(): this {
		return this;
	}

	destroySoon(): void {
		if (this.writable) {
			this.end();
		}
		this.writableFinished ? this.destroy() : this.once('finish', () => this.destroy());
	}
}

/** What is read at once from a backend, in octets. */
const mostAtOnce = 256 * 1024;

/** One to a backend, whose bytes come as Node gives them to `onread`. */
export class FakeBackendSocket extends FakeSocket {
	readonly delivered: Buffer[] = [];
	readonly #receive: (bytes: Buffer) => boolean;
	#waiting: Buffer[] = [];
	#isStopped = false;

	/** @param receive is given what comes, and returns whether to go on */
	constructor(taking: Taking, receive: (bytes: Buffer) => boolean) {
		super(taking);
		this.#receive = receive;
		super.resume();
	}

	/** Something comes from the backend. */
	deliver(bytes: Buffer): void {
		for (let at = 0; at < bytes.length; at += mostAtOnce) {
			this.#waiting.push(bytes.subarray(at, at + mostAtOnce));
		}
		this.#pump();
	}

	override resume(): this {
		super.resume();
		if (this.#isStopped) {
			this.#isStopped = false;
			setImmediate(() => this.#pump());
		}
		return this;
	}

	#pump(): void {
		while (!this.#isStopped && !this.destroyed) {
			const bytes = this.#waiting.shift();
			if (bytes === undefined) {
				return;
			}
			this.delivered.push(bytes);
			this.#isStopped = !this.#receive(bytes);
		}
	}
}
