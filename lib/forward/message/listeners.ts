import type HttpProxy from 'http-proxy';
import {ProxyError} from '../../errors.js';

type Listener = (...parts: unknown[]) => unknown;

/** Takes what a function of the user's has failed with. */
export type Fault = (error: ProxyError) => void;

/**
 * A function of the configuration has failed.
 *
 * @param what which one, and how
 */
export function functionFailed(what: string, cause?: unknown): ProxyError {
	return new ProxyError('function-failed', 'internal', what, {
		cause,
		hint: 'correct the function in the configuration',
	});
}

/** An error that was thrown, as text; whatever it is, that does not throw. */
export function textOf(error: unknown): string {
	try {
		return String(error);
	} catch {
		return 'what has no text';
	}
}

/** Has a promise that a function of the user's may have returned heard: Node ends the process for one that is not. */
export function heedPromise(returned: unknown, rejected: (cause: unknown) => void): void {
	if (isThenable(returned)) {
		Promise.resolve(returned).catch(rejected);
	}
}

/** Whether it can be awaited: a promise, also of another library. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
	const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
	return isObject && 'then' in value && typeof value.then === 'function';
}

/** The user's listeners of one instance of http-proxy, none of whose errors leaves here but as `function-failed`. */
export class Listeners {
	readonly #proxy: HttpProxy;
	readonly #match: string;
	/** By what was given; the emitter has the others. */
	readonly #guarded = new WeakMap<Listener, Listener>();
	/** Told of what comes of a listener that is being called, when it has returned a promise. */
	#late: ((cause: unknown) => void) | undefined;

	/** @param match of the route, for messages */
	constructor(proxy: HttpProxy, match: string) {
		this.#proxy = proxy;
		this.#match = match;
		const methods = proxy as unknown as Record<string, Listener>;
		for (const name of ['on', 'once', 'addListener', 'off', 'removeListener']) {
			const method = methods[name];
			const isAdding = name !== 'off' && name !== 'removeListener';
			methods[name] = (event, listener, ...others) =>
				method?.call(proxy, event, this.#guardedOf(listener, isAdding), ...others);
		}
	}

	/**
	 * Calls those that listen for an event.
	 *
	 * @param late is told of the failure of one that has returned a promise
	 * @throws ProxyError `function-failed` when one throws
	 */
	tell(late: Fault, event: string, ...parts: unknown[]): void {
		const failed = (cause: unknown) => {
			const what = `a listener for ${event} of the route ${this.#match} failed: ${textOf(cause)}`;
			return functionFailed(what, cause);
		};
		const before = this.#late;
		this.#late = cause => late(failed(cause));
		try {
			this.#proxy.emit(event, ...parts);
		} catch (cause) {
			throw failed(cause);
		} finally {
			this.#late = before;
		}
	}

	/** The emitter takes `once` back by what it was given itself. */
	#guardedOf(listener: unknown, isAdding: boolean): unknown {
		if (typeof listener !== 'function') {
			return listener;
		}
		const asked = listener as Listener;
		let guarded = this.#guarded.get(asked);
		if (guarded === undefined && isAdding) {
			const late = () => this.#late;
			guarded = function (this: unknown, ...parts) {
				const rejected = late();
				heedPromise(asked.apply(this, parts), cause => rejected?.(cause));
			};
			this.#guarded.set(asked, guarded);
		}
		return guarded ?? asked;
	}
}
