import type {ClientRequest, IncomingMessage} from 'node:http';
import type {Socket} from 'node:net';
import {ProxyError} from '../../errors.js';
import {isReset} from '../backend-failure.js';
import {Malformed} from '../wire/codec/octets.js';
import type {Plan} from '../wire/plan.js';
import type {BackendRequest, Outgoing} from '../wire/upstream/backend-request.js';
import type {ResponseSink} from '../wire/upstream/sink.js';
import type {ReusingAgent} from './agent.js';
import {failureOf, silentBackend, silentClient} from './failures.js';
import type {Incoming} from './incoming-head.js';
import {Observed} from './observed.js';
import type {Outcome} from './outgoing.js';
import type {RequestHead} from './outgoing-head.js';
import {Patience} from './patience.js';
import {trailerPairs} from './request-trailers.js';
import {type Asker, PassedResponse} from './response.js';
import type {ProxiedRoute} from './route.js';
import {Tunnel} from './tunnel.js';

/** How many informational responses may come before the response. */
const mostInformational = 100;

const notAsked = 'it switched protocols without having been asked to';

/** A request as it is to be sent. */
export interface Sendable {
	readonly plan: Plan;
	readonly outgoing: Outgoing;
	readonly head: RequestHead;
	readonly sink: ResponseSink;
	readonly agent: ReusingAgent;
}

/** A request that http-proxy opens: its body, and what comes back. */
export class ProxiedRequest implements BackendRequest, Outcome, Asker {
	readonly #route: ProxiedRoute;
	readonly #outgoing: Outgoing;
	readonly #head: RequestHead;
	readonly #sink: ResponseSink;
	readonly #agent: ReusingAgent;
	/** Host as the client has asked for it. */
	readonly #host: string;
	/** What listeners of http-proxy see, where there are any. */
	readonly #observed: Observed | undefined;
	readonly #patience: Patience | undefined;
	#request: ClientRequest | undefined;
	#response: PassedResponse | undefined;
	#tunnel: Tunnel | undefined;
	/** What waits until listeners have seen the head. */
	#held: Buffer[] | undefined;
	#trailers: string | undefined;
	#isSent = false;
	#hasBegun = false;
	/** Whether the response is complete, or there is none. */
	isOver = false;
	/** Whether it is complete, and nobody has left. */
	#isResponded = false;
	#isRepeated = false;
	#hasBody = false;
	#isTimedOut = false;
	#informational = 0;

	constructor(route: ProxiedRoute, {plan, outgoing, head, sink, agent}: Sendable) {
		this.#route = route;
		this.#outgoing = outgoing;
		this.#head = head;
		this.#sink = sink;
		this.#agent = agent;
		this.#host = plan.authority.text;
		const {timeout, configure} = route.options;
		this.#observed =
			configure === undefined
				? undefined
				: new Observed(
						route.opener,
						head,
						plan.target,
						sink,
						outgoing,
						() => this.#letGo(),
						error => this.spoilt(error),
					);
		this.#patience =
			timeout === undefined
				? undefined
				: new Patience(timeout, () => this.#fail(silentClient(timeout)));
	}

	start(body: Buffer | undefined, complete: boolean): void {
		this.#attempt();
		if (body !== undefined) {
			this.write(body);
		} else if (!complete && this.#held === undefined) {
			// Sends the head now, and as latin1, in which it came; flushHeaders would send it as UTF-8.
			this.#request?.write('', 'latin1');
		}
		if (complete) {
			this.finish();
		}
	}

	write(bytes: Buffer): boolean {
		this.#patience?.renew();
		if (this.#tunnel !== undefined) {
			return this.#tunnel.write(bytes);
		}
		this.#hasBody = true;
		if (this.#held !== undefined) {
			this.#held.push(bytes);
			return false;
		}
		const request = this.#request;
		if (request === undefined || request.destroyed) {
			// The response is complete without it, and the backend has closed.
			return true;
		}
		// That of follow-redirects says nothing.
		return request.write(bytes) !== false;
	}

	finish(trailers = ''): void {
		this.#isSent = true;
		if (this.#held !== undefined) {
			this.#trailers = trailers;
			return;
		}
		const request = this.#request;
		if (trailers !== '' && request?.chunkedEncoding) {
			request.addTrailers(trailerPairs(trailers));
		}
		request?.end();
	}

	resume(): void {
		this.#response?.resume();
		this.#tunnel?.resume();
	}

	endTunnel(): void {
		this.#tunnel?.end();
	}

	closeTunnel(): void {
		this.isOver = true;
		this.#tunnel?.closeSoon();
	}

	abort(): void {
		this.#observed?.abandon();
		this.#letGo();
	}

	/** Has nobody told of what still comes. */
	#letGo(): void {
		this.isOver = true;
		this.#isResponded = false;
		this.#patience?.end();
		this.#request?.destroy();
		this.#tunnel?.destroy();
	}

	#attempt(): void {
		this.#agent.wanted = () => !this.isOver;
		const request = this.#open();
		if (request === undefined) {
			return;
		}
		this.#request = request;
		request.on('information', (information: Incoming) => this.#inform(information));
		request.on('upgrade', (response: IncomingMessage, socket: Socket, early: Buffer) =>
			this.#switch(response, socket, early),
		);
		request.on('drain', () => this.#sink.drained());
		request.once('close', () => this.#closed());
		if (this.#route.options.proxyTimeout !== undefined) {
			request.once('timeout', () => {
				this.#isTimedOut = true;
			});
		}
		if (this.#observed !== undefined) {
			this.#held = [];
			// Behind the listener by which http-proxy tells its own.
			request.once('socket', () => this.#release());
		}
	}

	/** @returns `undefined` where a function of the route has failed, of which the sink is told */
	#open(): ClientRequest | undefined {
		const {fault, opener} = this.#route;
		try {
			if (fault !== undefined) {
				throw fault;
			}
			return opener.open(this.#head, this.#agent, this, this.#observed);
		} catch (error) {
			if (!(error instanceof ProxyError)) {
				throw error;
			}
			this.spoilt(error);
			return undefined;
		}
	}

	connected(request: ClientRequest): void {
		this.#guarded(() => this.#observed?.connected(request));
	}

	/** Calls what listeners may fail in. */
	#guarded<Result>(call: () => Result): Result | undefined {
		try {
			return call();
		} catch (error) {
			this.spoilt(failureOf(error, this.#route.backend, this.#hasBegun));
			return undefined;
		}
	}

	spoilt(error: ProxyError): void {
		if (!this.isOver) {
			this.#fail(error);
		}
	}

	/** Listeners have seen the head. */
	#release(): void {
		const held = this.#held;
		this.#held = undefined;
		if (held === undefined || this.isOver) {
			return;
		}
		let takesMore = true;
		for (const bytes of held) {
			takesMore = this.write(bytes);
		}
		if (this.#isSent) {
			this.finish(this.#trailers);
		} else if (held.length === 0) {
			this.#request?.write('', 'latin1');
		}
		if (takesMore) {
			this.#sink.drained();
		}
	}

	failed(cause: Error): void {
		// What befalls the connection of a backend that has sent all it had to is no failure.
		if (this.isOver || this.#response?.isComplete) {
			return;
		}
		// A kept connection that the backend closed just as it was used again: nothing came of it.
		const isStale = this.#request?.reusedSocket && isReset(cause) && !this.#hasBegun;
		const isWhole = this.#outgoing.replayable && this.#isSent && !this.#hasBody;
		if (isStale && isWhole && !this.#isRepeated && this.#observed === undefined) {
			this.#isRepeated = true;
			this.#attempt();
			this.finish();
			return;
		}
		if (this.#guarded(() => this.#observed?.failed(cause)) !== true && !this.isOver) {
			this.#fail(this.#failure(cause));
		}
	}

	/** The backend's connection is gone, or of use to another request. */
	#closed(): void {
		if (this.#isResponded && !this.#isSent) {
			// What the client still sends is for nobody.
			this.#isSent = true;
			this.#sink.closed('gone');
		}
	}

	#inform(information: Incoming): void {
		this.#hasBegun = true;
		if (this.isOver) {
			return;
		}
		try {
			if (++this.#informational > mostInformational) {
				throw new Malformed(`it sent more than ${mostInformational} informational responses`);
			}
			this.#sink.inform(this.#route.informational.read(information, true));
		} catch (cause) {
			this.refuse(cause);
		}
	}

	responded(response: IncomingMessage): void {
		this.#hasBegun = true;
		response.on('error', error => this.failed(error));
		const changed = this.isOver
			? undefined
			: this.#guarded(() => this.#observed?.responded(response));
		if (this.isOver || changed?.isAnswered) {
			this.#letGo();
			return;
		}
		try {
			if (response.statusCode === 101) {
				throw new Malformed(notAsked);
			}
			const {method} = this.#head;
			const head = this.#route.readResponse(changed ?? response, method, this.#host);
			this.#response = new PassedResponse(response, head, method, this.#sink, this);
		} catch (cause) {
			this.refuse(cause);
		}
	}

	progressed(): void {
		this.#patience?.renew();
	}

	completed(): void {
		this.isOver = true;
		this.#isResponded = true;
		this.#patience?.end();
		this.#followUpload();
	}

	/** Says when there is room for more of a request that has its response: Node does not any more. */
	#followUpload(): void {
		const socket = this.#request?.socket;
		if (!this.#isSent && socket) {
			const drained = () => this.#sink.drained();
			socket.on('drain', drained);
			this.#request?.once('close', () => socket.off('drain', drained));
		}
	}

	#switch(response: IncomingMessage, socket: Socket, early: Buffer): void {
		this.#hasBegun = true;
		if (this.isOver || !this.#head.upgrade) {
			socket.destroy();
			this.refuse(new Malformed(notAsked));
			return;
		}
		this.#patience?.end();
		try {
			const head = this.#route.informational.read(response, true);
			this.#tunnel = new Tunnel(socket, this.#sink);
			this.#sink.switched(head);
		} catch (cause) {
			socket.destroy();
			this.refuse(cause);
			return;
		}
		this.#tunnel.begin(early);
	}

	refuse(cause: unknown): void {
		if (!this.isOver) {
			this.#fail(this.#failure(cause));
		}
	}

	#failure(cause: unknown): ProxyError {
		const {backend, options} = this.#route;
		return this.#isTimedOut
			? silentBackend(backend, options.proxyTimeout)
			: failureOf(cause, backend, this.#hasBegun);
	}

	#fail(error: ProxyError): void {
		this.#observed?.abandon();
		this.#letGo();
		this.#sink.fail(error);
	}
}
