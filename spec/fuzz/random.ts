/** A source of numbers that gives the same ones for the same seed. */
export interface Random {
	/** A whole number from 0 up to but not including `limit`. */
	below(limit: number): number;
	pick<Item>(items: readonly Item[]): Item;
	chance(probability: number): boolean;
}

/** Makes a source from a seed of 32 bits (Marsaglia's xorshift). */
export function randomFrom(seed: number): Random {
	let state = seed | 0 || 1;
	const next = () => {
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		return (state >>> 0) / 2 ** 32;
	};
	const below = (limit: number) => Math.floor(next() * limit);
	return {
		below,
		pick: items => items[below(items.length)] as (typeof items)[number],
		chance: probability => next() < probability,
	};
}
