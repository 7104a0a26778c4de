import {type ProxyError, UserError} from '../../errors.js';
import type {Backend, ProxyInstance, ProxyOptions, Route, Router} from '../seams.js';
import type {ResponseHead} from '../wire/codec/response-head.js';
import type {WireContext} from '../wire/context.js';
import type {Plan} from '../wire/plan.js';
import type {BackendRequest, Outgoing} from '../wire/upstream/backend-request.js';
import type {Pool} from '../wire/upstream/pool.js';
import type {ResponseSink} from '../wire/upstream/sink.js';
import {ReusingAgent} from './agent.js';
import {BypassingRequest} from './bypass.js';
import {headChanges} from './head-changes.js';
import {type Incoming, IncomingHeads} from './incoming-head.js';
import {functionFailed, heedPromise, textOf} from './listeners.js';
import {createOpener, type Opener} from './outgoing.js';
import {type HeadChanges, type RequestHead, readOutgoingHead} from './outgoing-head.js';
import {type RequestMaker, requestMakers} from './registry.js';
import {ProxiedRequest} from './request.js';
import {type ResponseChange, responseChange} from './response-changes.js';

/**
 * Sets up a route whose requests http-proxy is to open, and calls its `configure`.
 *
 * @param next finds the route of what its `bypass` hands on
 * @throws UserError `option-invalid` when `configure` throws
 */
export function setUpRoute(route: Route, next: Router['match']): void {
	const proxied = new ProxiedRoute(route, next);
	try {
		const instance = proxied.opener.proxy as unknown as ProxyInstance;
		heedPromise(route.proxy?.configure?.(instance, route.proxy), cause => {
			const what = `configure of the route ${route.match} failed: ${textOf(cause)}`;
			proxied.fault = functionFailed(what, cause);
		});
	} catch (cause) {
		const message = `configure: the function of the route ${route.match} threw an error: ${textOf(cause)}`;
		throw new UserError('option-invalid', message, {cause});
	}
	requestMakers.set(route, proxied);
}

const agents = new WeakMap<Pool, ReusingAgent>();

/** A route whose requests http-proxy opens. */
export class ProxiedRoute implements RequestMaker {
	readonly route: Route;
	readonly options: ProxyOptions;
	readonly backend: Backend;
	readonly opener: Opener;
	/** What its `configure` has failed with since the start: it may be half done. */
	fault: ProxyError | undefined;
	/** Finds the route of what `bypass` hands on. */
	readonly next: Router['match'];
	/** Heads of informational responses, and of those that switch protocols. */
	readonly informational = new IncomingHeads();
	readonly #responses = new IncomingHeads();
	readonly #changes: HeadChanges;
	readonly #responseChange: ResponseChange | undefined;
	/** By the bytes that they were read from: most are sent more than once. */
	readonly #heads = new WeakMap<Buffer, RequestHead>();

	constructor(route: Route, next: Router['match']) {
		const {proxy = {}, backend} = route;
		const {localAddress} = proxy;
		this.route = route;
		this.next = next;
		this.options = proxy;
		this.backend =
			localAddress === undefined || backend.kind === 'unix' ? backend : {...backend, localAddress};
		this.opener = createOpener(this.backend, proxy, route.match);
		this.#changes = headChanges(this.backend, proxy);
		this.#responseChange = responseChange(backend, proxy);
	}

	open(
		plan: Plan,
		outgoing: Outgoing,
		context: WireContext,
		sink: ResponseSink,
		passed: ReadonlySet<Route> = none,
	): BackendRequest {
		return this.options.bypass === undefined
			? this.proxied(plan, outgoing, context, sink)
			: new BypassingRequest(this, {plan, outgoing, context, sink, passed});
	}

	/** A request that is not handed on. */
	proxied(
		plan: Plan,
		outgoing: Outgoing,
		context: WireContext,
		sink: ResponseSink,
	): ProxiedRequest {
		const head = this.headOf(outgoing);
		return new ProxiedRequest(this, {plan, outgoing, head, sink, agent: this.#agent(context)});
	}

	/** The head as the backend is to see it. */
	headOf({head: bytes}: Outgoing): RequestHead {
		let head = this.#heads.get(bytes);
		if (head === undefined) {
			head = readOutgoingHead(bytes, this.#changes);
			this.#heads.set(bytes, head);
		}
		return head;
	}

	/**
	 * The head of a response as the client is to see it.
	 *
	 * @param host as the client has asked for it
	 * @throws Malformed
	 */
	readResponse(incoming: Incoming, method: string, host: string): ResponseHead {
		const isBodiless = method === 'HEAD' || incoming.statusCode === 304;
		const change = this.#responseChange;
		return this.#responses.read(
			change === undefined ? incoming : change(incoming, host),
			isBodiless,
		);
	}

	#agent({pools, clock}: WireContext): ReusingAgent {
		const pool = pools.of(this.backend);
		let agent = agents.get(pool);
		if (agent === undefined) {
			agent = new ReusingAgent(pool, clock);
			agents.set(pool, agent);
		}
		return agent;
	}
}

const none: ReadonlySet<Route> = new Set();
