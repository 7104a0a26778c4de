import {ProxyError} from '../../errors.js';
import type {Bypassed, Route} from '../seams.js';
import {ownBytes} from '../wire/codec/octets.js';
import {readRequestHead} from '../wire/codec/request-head.js';
import type {WireContext} from '../wire/context.js';
import {admit, type Plan} from '../wire/plan.js';
import type {BackendRequest, Outgoing} from '../wire/upstream/backend-request.js';
import {openRequest} from '../wire/upstream/open-request.js';
import type {ResponseSink} from '../wire/upstream/sink.js';
import {requestView, responseView} from './client-view.js';
import {isThenable, textOf} from './listeners.js';
import type {ProxiedRoute} from './route.js';

/** A request as it has come to a route. */
export interface Arrived {
	readonly plan: Plan;
	readonly outgoing: Outgoing;
	readonly context: WireContext;
	readonly sink: ResponseSink;
	/** Routes that have handed it on. */
	readonly passed: ReadonlySet<Route>;
}

/** A request of which `bypass` of its route decides first where it goes. */
export class BypassingRequest implements BackendRequest {
	readonly #route: ProxiedRoute;
	readonly #arrived: Arrived;
	/** Where it goes, once that is decided. */
	#request: BackendRequest | undefined;
	readonly #held: Buffer[] = [];
	/** Its trailers, when all of it has come. */
	#ending: string | undefined;
	#isComplete = false;
	#isOver = false;

	constructor(route: ProxiedRoute, arrived: Arrived) {
		this.#route = route;
		this.#arrived = arrived;
	}

	start(body: Buffer | undefined, complete: boolean): void {
		if (body !== undefined) {
			this.#held.push(body);
		}
		this.#isComplete = complete;
		this.#ask();
	}

	write(bytes: Buffer): boolean {
		if (this.#request !== undefined || this.#isOver) {
			return this.#request?.write(bytes) ?? true;
		}
		this.#held.push(bytes);
		return false;
	}

	finish(trailers = ''): void {
		this.#ending = trailers;
		this.#request?.finish(trailers);
	}

	resume(): void {
		this.#request?.resume();
	}

	endTunnel(): void {
		this.#request?.endTunnel();
	}

	closeTunnel(): void {
		this.#request?.closeTunnel();
	}

	abort(): void {
		this.#isOver = true;
		this.#request?.abort();
	}

	#ask(): void {
		const {plan, outgoing, sink} = this.#arrived;
		const {options} = this.#route;
		const head = this.#route.headOf(outgoing);
		const request = requestView(head, plan.target);
		const expected = {method: head.method, unchunk: outgoing.unchunk};
		const response = head.upgrade
			? undefined
			: responseView(request, expected, sink, () => {
					const isFirst = !this.#isOver && this.#request === undefined;
					this.#isOver = true;
					return isFirst;
				});
		const decide = (bypassed: Bypassed) => {
			if (!this.#isOver) {
				this.#forward(this.#requestFor(bypassed));
			}
		};
		const fail = (error: unknown) => this.#fail(error);
		try {
			const bypassed = options.bypass?.(request, response, options);
			if (isThenable(bypassed)) {
				Promise.resolve(bypassed).then(decide).catch(fail);
			} else {
				decide(bypassed);
			}
		} catch (error) {
			fail(error);
		}
	}

	#requestFor(bypassed: Bypassed): BackendRequest {
		const {plan, outgoing, context, sink, passed} = this.#arrived;
		const {route, next} = this.#route;
		if (bypassed === false) {
			throw new ProxyError(
				'route-missing',
				'downstream',
				`the route ${route.match} does not pass this on`,
			);
		}
		if (typeof bypassed !== 'string') {
			return this.#route.proxied(plan, outgoing, context, sink);
		}
		const target = bypassed.startsWith('/') ? bypassed : `/${bypassed}`;
		if (!/^[\x21-\x7e\x80-\xff]*$/.test(target)) {
			throw new Error('it returned what no request can ask for');
		}
		const found = next(plan.authority, target);
		if (found === undefined || passed.has(found)) {
			const message = `the route ${route.match} hands ${target} on, and no other route matches that`;
			throw new ProxyError('route-missing', 'downstream', message);
		}
		admit({...plan.applicant, target}, found.policies);
		const path = found.pathFor(target);
		const onward = {...plan, target, route: found, backend: found.backend, path};
		const passedNow = new Set([...passed, route]);
		return openRequest(onward, readdressed(outgoing, path), context, sink, passedNow);
	}

	#forward(request: BackendRequest): void {
		this.#request = request;
		if (this.#isComplete && this.#held.length === 0) {
			request.start(undefined, true);
			return;
		}
		// Not with the start: it may have to be put into chunks.
		request.start(undefined, false);
		const takesMore = this.#held.length === 0 || request.write(Buffer.concat(this.#held));
		if (this.#ending !== undefined || this.#isComplete) {
			request.finish(this.#ending);
		} else if (takesMore) {
			this.#arrived.sink.drained();
		}
	}

	#fail(error: unknown): void {
		if (this.#isOver) {
			return;
		}
		this.#isOver = true;
		const message = `bypass of the route ${this.#route.route.match} failed: ${textOf(error)}`;
		this.#arrived.sink.fail(
			error instanceof ProxyError
				? error
				: new ProxyError('function-failed', 'internal', message, {
						cause: error,
						hint: 'correct the function, which is to return a path, false, or nothing',
					}),
		);
	}
}

/** The same request for another path, whose body is framed anew where it came in chunks. */
function readdressed(outgoing: Outgoing, path: string): Outgoing {
	const {method, bytes, framing} = readRequestHead(outgoing.head, Number.POSITIVE_INFINITY);
	const lines = bytes.subarray(bytes.indexOf('\r\n'));
	const head = ownBytes(`${method} ${path} HTTP/1.1${lines.toString('latin1')}`);
	return {...outgoing, head, chunk: framing === 'chunked'};
}
