import {type Http2Field, makeField} from '../field.js';

/** Octets that an entry counts besides its name and value, so the least that one counts (RFC 7541 section 4.1). */
const leastEntry = 32;

/** Stands in places without an entry, so that what has been evicted is held no longer. */
const nothing = makeField('', '');

/** The fields that a peer has sent on a connection, as far as they fit (RFC 7541 section 2.3.2). */
export class DynamicTable {
	/** Sum of the sizes of its entries. */
	size = 0;
	/** How many entries it has. */
	length = 0;
	/** Grows whenever entries come or go. */
	changes = 0;
	#most: number;
	/** A ring: the newest entry lies at `#newest`, older ones behind it. */
	readonly #ring: Http2Field[];
	readonly #mask: number;
	#newest = 0;

	/**
	 * @param most largest sum of sizes
	 * @param everMost the largest one that `resize` will be given
	 */
	constructor(most: number, everMost: number) {
		this.#most = most;
		this.#ring = ringFor(Math.max(most, everMost));
		this.#mask = this.#ring.length - 1;
	}

	/** @param index from 0, for the newest; `undefined` behind the oldest */
	at(index: number): Http2Field | undefined {
		return index < this.length ? this.#ring[(this.#newest + index) & this.#mask] : undefined;
	}

	/** Adds an entry, for which the oldest ones give way. One that is too large leaves the table empty. */
	add(field: Http2Field): void {
		this.changes++;
		this.#evict(this.#most - field.size);
		if (field.size <= this.#most) {
			this.#newest = (this.#newest - 1) & this.#mask;
			this.#ring[this.#newest] = field;
			this.#length(1, field.size);
		}
	}

	/** Sets the largest sum of sizes. */
	resize(most: number): void {
		this.changes++;
		this.#evict(most);
		this.#most = most;
	}

	#evict(most: number): void {
		while (this.size > most && this.length > 0) {
			const oldest = (this.#newest + this.length - 1) & this.#mask;
			const size = this.#ring[oldest]?.size ?? 0;
			this.#ring[oldest] = nothing;
			this.#length(-1, -size);
		}
	}

	#length(entries: number, size: number): void {
		this.length += entries;
		this.size += size;
	}
}

/** A ring with room for as many entries as can be, a power of two. */
function ringFor(most: number): Http2Field[] {
	const entries = Math.max(1, Math.floor(most / leastEntry));
	return new Array<Http2Field>(2 ** Math.ceil(Math.log2(entries))).fill(nothing);
}
