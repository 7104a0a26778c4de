import type {ClientRequest, IncomingMessage, ServerResponse} from 'node:http';
import {Duplex} from 'node:stream';
import type {Outgoing} from '../wire/upstream/backend-request.js';
import type {ResponseSink} from '../wire/upstream/sink.js';
import {requestView, responseView} from './client-view.js';
import type {Incoming} from './incoming-head.js';
import {changedFields, type FieldsBefore, fieldsBefore, isPlainText} from './listener-changes.js';
import {type Fault, functionFailed, textOf} from './listeners.js';
import type {Opener, Pair} from './outgoing.js';
import type {RequestHead} from './outgoing-head.js';

/** A response behind the listeners that have seen it. */
export interface Seen extends Incoming {
	/** Whether one of them has answered in its place. */
	readonly isAnswered: boolean;
}

/** One request as listeners of http-proxy see it. */
export class Observed implements Pair {
	readonly request: IncomingMessage;
	readonly response: ServerResponse;
	readonly #opener: Opener;
	readonly #isUpgrade: boolean;
	/** In place of the client's connection. */
	readonly #socket = new Duplex({read() {}, write: (_chunk, _encoding, done) => done()});
	readonly #spoilt: Fault;
	#isAnswered = false;
	#isAbandoned = false;

	/**
	 * @param answered called when a listener answers in place of the backend
	 * @param spoilt told of listeners that fail later than they are called
	 */
	constructor(
		opener: Opener,
		head: RequestHead,
		target: string,
		sink: ResponseSink,
		{unchunk}: Outgoing,
		answered: () => void,
		spoilt: Fault,
	) {
		this.#spoilt = spoilt;
		this.#opener = opener;
		this.#isUpgrade = head.upgrade;
		this.request = requestView(head, target);
		const expected = {method: head.method, unchunk};
		this.response = responseView(this.request, expected, sink, () => {
			if (this.#isAbandoned) {
				return false;
			}
			this.#isAnswered = true;
			answered();
			return true;
		});
	}

	/** What a listener still says is for nobody. */
	abandon(): void {
		this.#isAbandoned = true;
	}

	/** @throws ProxyError `function-failed` */
	connected(proxyReq: ClientRequest): void {
		const {request, response} = this;
		const {options} = this.#opener;
		if (this.#isUpgrade) {
			this.#tell('proxyReqWs', proxyReq, request, this.#socket, options, Buffer.alloc(0));
		} else {
			this.#tell('proxyReq', proxyReq, request, response, options);
		}
	}

	/** @throws ProxyError `function-failed` */
	responded(proxyRes: IncomingMessage): Seen {
		const before: FieldsBefore = fieldsBefore(proxyRes);
		const rawBefore = [...proxyRes.rawHeaders];
		const {statusCode: codeBefore, statusMessage: reasonBefore} = proxyRes;
		if (!this.#isUpgrade) {
			this.#tell('proxyRes', proxyRes, this.request, this.response);
		}
		this.#isAnswered ||= this.response.headersSent;
		if (!this.#isAnswered) {
			this.#isAbandoned = true;
		}
		const {httpVersion, statusCode, statusMessage} = proxyRes;
		const isNewCode = statusCode !== codeBefore;
		const isNewReason = statusMessage !== reasonBefore && statusMessage !== undefined;
		if (
			(isNewCode && !/^[2-9]\d\d$/.test(textOf(statusCode))) ||
			(isNewReason && !isPlainText(textOf(statusMessage)))
		) {
			throw functionFailed('a listener has set a status or its message to what cannot be sent');
		}
		return {
			isAnswered: this.#isAnswered,
			httpVersion,
			statusCode,
			statusMessage,
			rawHeaders: changedFields(proxyRes, rawBefore, before, this.response),
		};
	}

	/**
	 * @returns whether a listener has answered, or is going to
	 * @throws ProxyError `function-failed`
	 */
	failed(error: Error): boolean {
		const client = this.#isUpgrade ? this.#socket : this.response;
		this.#tell('error', error, this.request, client, undefined);
		this.#isAnswered ||= this.response.headersSent;
		if (!this.#isAnswered) {
			this.#isAbandoned = true;
		}
		return this.#isAnswered;
	}

	#tell(event: string, ...parts: unknown[]): void {
		this.#opener.listeners.tell(this.#spoilt, event, ...parts);
	}
}
