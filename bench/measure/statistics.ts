/** The middle of some values, or the mean of the two in the middle; not a number for none. */
export function median(values: readonly number[]): number {
	const sorted = [...values].sort((one, other) => one - other);
	const middle = sorted.length >> 1;
	const upper = sorted[middle] ?? Number.NaN;
	return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/**
 * Median of the ratios of two rows, round by round: what disturbs the machine for a while disturbs both.
 */
export function ratio(
	rounds: readonly (number | undefined)[],
	base: readonly (number | undefined)[],
): number {
	const ratios = rounds.flatMap((value, at) => {
		const other = base[at];
		return value === undefined || other === undefined || other === 0 ? [] : [value / other];
	});
	return median(ratios);
}
