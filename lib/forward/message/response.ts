import type {IncomingMessage} from 'node:http';
import {type ResponseHead, responseFraming} from '../wire/codec/response-head.js';
import type {ResponseSink} from '../wire/upstream/sink.js';
import {trailerSection} from './incoming-head.js';

/** The request that a response is for. */
export interface Asker {
	/** Whether nobody is to be told of what still comes. */
	readonly isOver: boolean;
	/** Something has come. */
	progressed(): void;
	/** All has come; called before the sink is told. */
	completed(): void;
	/** What has come cannot be passed on, or was broken off. */
	refuse(cause: unknown): void;
}

/** A response of Node's HTTP client on its way to the sink. */
export class PassedResponse {
	readonly #response: IncomingMessage;
	readonly #head: ResponseHead;
	readonly #method: string;
	readonly #sink: ResponseSink;
	readonly #asker: Asker;
	/** Whether the head has gone. */
	#hasBegun = false;

	/** @param method of the request */
	constructor(
		response: IncomingMessage,
		head: ResponseHead,
		method: string,
		sink: ResponseSink,
		asker: Asker,
	) {
		this.#response = response;
		this.#head = head;
		this.#method = method;
		this.#sink = sink;
		this.#asker = asker;
		response.on('data', (chunk: Buffer) => this.#pass(chunk));
		response.on('end', () => this.#end());
		// A small response is to leave in one piece, and a slow body is not to hold up its head.
		process.nextTick(begin, this);
	}

	/** Whether all of it has come from the backend. */
	get isComplete(): boolean {
		return this.#response.complete;
	}

	/** Passes on the head, unless that was done with the first of the body. @returns whether to go on */
	begin(bytes: Buffer | undefined): boolean {
		if (this.#hasBegun || this.#asker.isOver) {
			return true;
		}
		this.#hasBegun = true;
		try {
			return this.#sink.respond(this.#head, responseFraming(this.#head, this.#method), bytes);
		} catch (cause) {
			this.#asker.refuse(cause);
			return false;
		}
	}

	resume(): void {
		this.#response.resume();
	}

	#pass(chunk: Buffer): void {
		this.#asker.progressed();
		if (this.#asker.isOver) {
			return;
		}
		const goOn = this.#hasBegun ? this.#sink.body(chunk) : this.begin(chunk);
		if (!goOn) {
			this.#response.pause();
		}
	}

	#end(): void {
		const cause = this.#response.socket?.errored;
		if (cause && this.#endsWithConnection) {
			// Node takes any end of the connection for the end of such a body, a reset as well.
			this.#asker.refuse(cause);
			return;
		}
		this.begin(undefined);
		if (this.#asker.isOver) {
			return;
		}
		try {
			const tail = trailerSection(this.#response.rawTrailers);
			this.#asker.completed();
			this.#sink.end(tail);
		} catch (error) {
			this.#asker.refuse(error);
		}
	}

	get #endsWithConnection(): boolean {
		const {headers} = this.#response;
		return headers['content-length'] === undefined && headers['transfer-encoding'] === undefined;
	}
}

function begin(response: PassedResponse): void {
	response.begin(undefined);
}
