import {isIPv6} from 'node:net';

/** Wrong tries that are left to one source, or to all of them. */
interface Bucket {
	left: number;
	/** When that was so, by the clock, in milliseconds. */
	at: number;
}

/** How many wrong tries a bucket holds, and how many come back in a second. */
interface Size {
	readonly tries: number;
	readonly perSecond: number;
}

/** Enough for somebody who types, and for a browser that sends what it remembers with ten requests at once. */
const ofSource: Size = {tries: 10, perSecond: 1};

/**
 * Who has many addresses has the guesses of ten. It is filled faster than one source can empty it, or else one
 * source could shut out all others.
 */
const ofAll: Size = {tries: 100, perSecond: 10};

/** Sources that are remembered. The one forgotten is the one that has failed least lately. */
const mostSources = 1000;

/**
 * Counts wrong tries. While none is left, nothing is to be compared at all: whether right or wrong, since
 * otherwise guesses would be answered however many there are. Takes no timers, and bounded memory.
 */
export class Attempts {
	readonly #now: () => number;
	readonly #sources = new Map<string, Bucket>();
	readonly #all: Bucket;

	/** @param now a clock that does not go back, in milliseconds */
	constructor(now: () => number = () => performance.now()) {
		this.#now = now;
		this.#all = {left: ofAll.tries, at: now()};
	}

	/**
	 * Whole seconds until this client may try again, at least 1; `undefined` when it may now.
	 *
	 * @param address of the client
	 */
	waitOf(address: string): number | undefined {
		const own = this.#sources.get(sourceOf(address));
		const wait = Math.max(
			own === undefined ? 0 : this.#waitIn(own, ofSource),
			this.#waitIn(this.#all, ofAll),
		);
		return wait <= 0 ? undefined : Math.ceil(wait);
	}

	/** Takes note of a wrong try, which `waitOf` had allowed in the same turn. */
	failed(address: string): void {
		const source = sourceOf(address);
		const own = this.#sources.get(source) ?? {left: ofSource.tries, at: this.#now()};
		this.#take(own, ofSource);
		this.#take(this.#all, ofAll);
		this.#sources.delete(source);
		this.#sources.set(source, own);
		if (this.#sources.size > mostSources) {
			const [oldest] = this.#sources.keys();
			this.#sources.delete(oldest ?? '');
		}
	}

	/** How many sources are remembered. */
	get sources(): number {
		return this.#sources.size;
	}

	/** Seconds until a whole try is in it. */
	#waitIn(bucket: Bucket, size: Size): number {
		this.#fill(bucket, size);
		return (1 - bucket.left) / size.perSecond;
	}

	#take(bucket: Bucket, size: Size): void {
		this.#fill(bucket, size);
		bucket.left = Math.max(0, bucket.left - 1);
	}

	#fill(bucket: Bucket, {tries, perSecond}: Size): void {
		const now = this.#now();
		bucket.left = Math.min(tries, bucket.left + ((now - bucket.at) / 1000) * perSecond);
		bucket.at = now;
	}
}

/**
 * What counts as one source: all of loopback, since whoever is on this machine has all of its addresses; of
 * IPv6 the /64 that one subscriber has at least; otherwise the address.
 */
export function sourceOf(address: string): string {
	if (address === '::1' || /^127\.\d+\.\d+\.\d+$/.test(address)) {
		return 'loopback';
	}
	if (!isIPv6(address)) {
		return address;
	}
	const [head = '', tail] = address.replace(/%.*$/, '').split('::');
	const left = groups(head);
	const right = tail === undefined ? [] : groups(tail);
	const missing = Math.max(0, 8 - left.length - right.length);
	const all = [...left, ...Array<string>(missing).fill('0'), ...right];
	return `${all.slice(0, 4).join(':')}::/64`;
}

function groups(text: string): string[] {
	return text === '' ? [] : text.toLowerCase().split(':');
}
