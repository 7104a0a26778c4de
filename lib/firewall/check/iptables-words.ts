/** A line of `iptables-save`, in words: quotation marks are taken off. */
export function wordsOf(line: string): readonly string[] {
	return Array.from(line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g), ([, quoted, bare = '']) =>
		quoted === undefined ? bare : quoted.replace(/\\(.)/g, '$1'),
	);
}

/** An option with its values, and whether `!` stands before it. */
export interface Option {
	readonly name: string;
	readonly isNot: boolean;
	readonly values: readonly string[];
}

/** Splits a rule into its options. */
export function optionsOf(words: readonly string[]): readonly Option[] {
	const options: Array<{name: string; isNot: boolean; values: string[]}> = [];
	let isNot = false;
	for (const word of words) {
		if (word === '!') {
			isNot = true;
		} else if (/^--?[a-z]/i.test(word)) {
			options.push({name: word, isNot, values: []});
			isNot = false;
		} else {
			options.at(-1)?.values.push(word);
		}
	}
	return options;
}
