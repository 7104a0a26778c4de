/** The known name that a mistyped one was probably meant to be, if any comes close. */
export function nearest(word: string, known: readonly string[]): string | undefined {
	// Only who has mistyped something waits for it to load.
	const {createRequire} = process.getBuiltinModule('node:module');
	const load = createRequire(`${import.meta.dirname}/`);
	const {distance} = load('fastest-levenshtein') as typeof import('fastest-levenshtein');
	const farthest = Math.min(2, Math.floor(word.length / 2));
	const rated = known.map(name => ({name, away: distance(word.toLowerCase(), name.toLowerCase())}));
	return rated.sort((a, b) => a.away - b.away).find(({away}) => away <= farthest)?.name;
}
