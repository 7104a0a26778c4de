import {codeLengths, codes} from '../../../../../lib/forward/wire/http2/hpack/huffman-code.js';
import {staticFields} from '../../../../../lib/forward/wire/http2/hpack/static-table.js';

/** How a field is to be written (RFC 7541 section 6). */
export interface Choice {
	readonly name: string;
	readonly value: string;
	/** `indexed` where a table has the field, and incremental where none has. */
	readonly as: 'indexed' | 'incremental' | 'without indexing' | 'never indexed';
	/** Takes the name from a table that has it. */
	readonly nameByIndex: boolean;
	/** Of entries that fit, takes the last and not the first. */
	readonly last: boolean;
	readonly codedName: boolean;
	readonly codedValue: boolean;
}

type Entry = readonly [name: string, value: string];

const known: readonly Entry[] = staticFields.map(({name, value}) => [name, value]);
const flags = {incremental: 0x40, 'without indexing': 0, 'never indexed': 0x10} as const;

/** Writes field blocks in every way that there is, slowly: bits are characters, and the table is a list. */
export class NaiveEncoder {
	/** Newest first. */
	table: Entry[] = [];
	#most = 4096;

	resize(most: number): number[] {
		this.#most = most;
		this.#evict();
		return integer(0x20, 5, most);
	}

	field(choice: Choice): number[] {
		const {name, value} = choice;
		const whole = this.#find(choice, entry => entry[0] === name && entry[1] === value);
		if (choice.as === 'indexed' && whole > 0) {
			return integer(0x80, 7, whole);
		}
		const as = choice.as === 'indexed' ? 'incremental' : choice.as;
		const named = choice.nameByIndex ? this.#find(choice, entry => entry[0] === name) : 0;
		if (as === 'incremental') {
			this.table.unshift([name, value]);
			this.#evict();
		}
		return [
			...integer(flags[as], as === 'incremental' ? 6 : 4, named),
			...(named > 0 ? [] : string(name, choice.codedName)),
			...string(value, choice.codedValue),
		];
	}

	/** @returns an index, or 0 */
	#find({last}: Choice, fits: (entry: Entry) => boolean): number {
		const all = [...known, ...this.table];
		return (last ? all.findLastIndex(fits) : all.findIndex(fits)) + 1;
	}

	#evict(): void {
		const size = () =>
			this.table.reduce((sum, [name, value]) => sum + name.length + value.length + 32, 0);
		while (size() > this.#most) {
			this.table.pop();
		}
	}
}

function integer(flags: number, bits: number, value: number): number[] {
	const full = 2 ** bits - 1;
	if (value < full) {
		return [flags + value];
	}
	const octets = [flags + full];
	let rest = value - full;
	for (; rest > 127; rest = Math.floor(rest / 128)) {
		octets.push(128 + (rest % 128));
	}
	return [...octets, rest];
}

function string(text: string, isCoded: boolean): number[] {
	const octets = [...Buffer.from(text, 'latin1')];
	if (!isCoded) {
		return [...integer(0, 7, octets.length), ...octets];
	}
	const bits = octets
		.map(octet => (codes[octet] ?? 0).toString(2).padStart(codeLengths[octet] ?? 0, '0'))
		.join('');
	const padded = bits.padEnd(Math.ceil(bits.length / 8) * 8, '1');
	const coded = (padded.match(/.{8}/g) ?? []).map(octet => Number.parseInt(octet, 2));
	return [...integer(0x80, 7, coded.length), ...coded];
}
