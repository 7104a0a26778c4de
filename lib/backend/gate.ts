import type {Socket} from 'node:net';
import {ProxyError} from '../errors.js';

/** How long a backend that refuses is left alone, in milliseconds. */
export const betweenTries = 100;

/** How many dial at a time when it is up: a server with a short queue would leave the others to their timers. */
const atATime = 8;

/** Somebody who waits for a connection. Times are by `performance.now`. */
export interface Waiter {
	readonly signal: AbortSignal;
	/** When the wait is over. */
	readonly until: number;
	readonly notBefore: number;
	readonly wanted: () => boolean;
	/** @param watched whether the backend may be one that closes connections as soon as they are open */
	readonly open: (watched: boolean) => Promise<Socket>;
}

interface Place extends Waiter {
	isDialling: boolean;
	readonly resolve: (socket: Socket) => void;
	readonly reject: (error: ProxyError) => void;
}

/** What a gate asks of whoever has made it. */
export interface Keeper {
	/** Whether a backend that has failed so may yet be up. */
	readonly mayCome: (error: unknown) => boolean;
	readonly explain: (error: unknown) => ProxyError;
	/** Nobody waits any more. */
	readonly empty: () => void;
}

/**
 * Where everybody waits while a backend is down. One of them tries at a time; when it gets through, all do,
 * in the order in which they came.
 */
export class Gate {
	readonly #keeper: Keeper;
	readonly #waiting = new Set<Place>();
	readonly #timer: NodeJS.Timeout;
	#isShut = false;
	#dialling = 0;
	#why: ProxyError | undefined;

	constructor(keeper: Keeper) {
		this.#keeper = keeper;
		this.#timer = setInterval(() => this.#look(), betweenTries);
	}

	/** Nobody gets through for now. @param why those are told who wait in vain */
	shut(why: ProxyError): void {
		this.#why = why;
		if (!this.#isShut) {
			this.#isShut = true;
			this.#timer.refresh();
		}
	}

	/** @throws ProxyError when the wait was in vain, or is over otherwise */
	wait(waiter: Waiter): Promise<Socket> {
		return new Promise((resolve, reject) => {
			const {signal} = waiter;
			const abort = () => {
				this.#waiting.delete(place);
				place.reject(this.#keeper.explain(signal.reason));
			};
			const leave = () => {
				signal.removeEventListener('abort', abort);
				this.#waiting.delete(place);
				if (this.#waiting.size === 0) {
					clearInterval(this.#timer);
					this.#keeper.empty();
				}
			};
			const place: Place = {
				...waiter,
				isDialling: false,
				resolve(socket) {
					leave();
					resolve(socket);
				},
				reject(error) {
					leave();
					reject(error);
				},
			};
			this.#waiting.add(place);
			signal.addEventListener('abort', abort);
			this.#letThrough();
		});
	}

	#look(): void {
		const now = performance.now();
		for (const place of this.#waiting) {
			if (!place.wanted()) {
				place.reject(new ProxyError('backend-refused', 'downstream', 'the client has left'));
			} else if (!place.isDialling && now + betweenTries > place.until) {
				place.reject(this.#why ?? this.#keeper.explain(undefined));
			}
		}
		if (this.#isShut && this.#dialling === 0) {
			const next = [...this.#waiting].find(({notBefore}) => notBefore <= now);
			if (next !== undefined) {
				this.#dial(next, true);
			}
		}
		this.#letThrough();
	}

	#letThrough(): void {
		const now = performance.now();
		for (const place of this.#waiting) {
			if (this.#isShut || this.#dialling >= atATime) {
				return;
			}
			if (!place.isDialling && place.notBefore <= now) {
				this.#dial(place, false);
			}
		}
	}

	/** @param isProbe whether all others depend on it */
	#dial(place: Place, isProbe: boolean): void {
		place.isDialling = true;
		this.#dialling++;
		place.open(isProbe).then(
			socket => {
				this.#dialling--;
				if (isProbe) {
					this.#isShut = false;
				}
				if (this.#waiting.has(place)) {
					place.resolve(socket);
				} else {
					socket.destroy();
				}
				this.#letThrough();
			},
			(error: unknown) => {
				this.#dialling--;
				place.isDialling = false;
				const why = this.#keeper.explain(error);
				if (this.#keeper.mayCome(error)) {
					this.shut(why);
				} else if (this.#waiting.has(place)) {
					place.reject(why);
				}
				this.#letThrough();
			},
		);
	}
}
