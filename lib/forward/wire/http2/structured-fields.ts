/** A member of a dictionary: an integer, a boolean, or something of another type. */
export type Member = number | boolean | 'other';

const spaces = / */y;
const blanks = /[ \t]*/y;
const keyPattern = /[a-z*][a-z\d_.*-]*/y;
const integer = /-?\d{1,15}(?![\d.])/y;
const boolean = /\?[01]/y;
/** A decimal, a string, a byte sequence, a token. */
const other =
	/-?\d{1,12}\.\d{1,3}(?![\d.])|"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*"|:[a-z\d+/=]*:|[a-z*][!#$%&'*+\-.^_`|~\da-z:/]*/iy;

/**
 * Reads a dictionary (RFC 8941 section 4.2.2). Parameters are passed over.
 *
 * @param text the values of the field, joined by commas
 * @returns the last value of each key; `undefined` for what is none, of which nothing may be taken
 */
export function readDictionary(text: string): ReadonlyMap<string, Member> | undefined {
	return new DictionaryReader(text).read();
}

/** Reads one dictionary. Whatever it does not find is `undefined`, and ends all. */
class DictionaryReader {
	readonly #text: string;
	#at = 0;

	constructor(text: string) {
		this.#text = text;
	}

	read(): ReadonlyMap<string, Member> | undefined {
		const members = new Map<string, Member>();
		this.#take(spaces);
		while (!this.#isAtEnd()) {
			const key = this.#take(keyPattern);
			const value = this.#skip('=') ? this.#value() : true;
			if (key === undefined || value === undefined || !this.#skipParameters()) {
				return undefined;
			}
			members.set(key, value);
			this.#take(blanks);
			if (this.#isAtEnd()) {
				break;
			}
			const isSeparated = this.#skip(',');
			this.#take(blanks);
			if (!isSeparated || this.#isAtEnd()) {
				return undefined;
			}
		}
		return members;
	}

	#value(): Member | undefined {
		return this.#skip('(') ? this.#innerList() : this.#item();
	}

	#item(): Member | undefined {
		const digits = this.#take(integer);
		if (digits !== undefined) {
			return Number(digits);
		}
		const truth = this.#take(boolean);
		if (truth !== undefined) {
			return truth === '?1';
		}
		return this.#take(other) === undefined ? undefined : 'other';
	}

	/** Behind its opening bracket: items, parted by spaces. */
	#innerList(): Member | undefined {
		for (let isParted = true; ; ) {
			isParted = this.#take(spaces) !== '' || isParted;
			if (this.#skip(')')) {
				return 'other';
			}
			if (!isParted || this.#item() === undefined || !this.#skipParameters()) {
				return undefined;
			}
			isParted = false;
		}
	}

	/** @returns whether they are well-formed */
	#skipParameters(): boolean {
		while (this.#skip(';')) {
			this.#take(spaces);
			const isKey = this.#take(keyPattern) !== undefined;
			if (!isKey || (this.#skip('=') && this.#item() === undefined)) {
				return false;
			}
		}
		return true;
	}

	#take(pattern: RegExp): string | undefined {
		pattern.lastIndex = this.#at;
		const found = pattern.exec(this.#text)?.[0];
		this.#at += found?.length ?? 0;
		return found;
	}

	#skip(octet: string): boolean {
		const isThere = this.#text[this.#at] === octet;
		this.#at += isThere ? 1 : 0;
		return isThere;
	}

	#isAtEnd(): boolean {
		return this.#at === this.#text.length;
	}
}
