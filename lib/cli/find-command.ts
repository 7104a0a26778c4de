import type {Options} from 'yargs';

/**
 * Where the first word stands that is neither a flag nor a flag's value: a command's name, or a backend.
 *
 * @param args without the program's name
 * @param known every flag of every command
 * @returns the index; -1 when there is none before a lone `--`
 */
export function firstWord(
	args: readonly string[],
	known: Readonly<Record<string, Options>>,
): number {
	const end = args.indexOf('--');
	const words = end < 0 ? args : args.slice(0, end);
	let isValue = false;
	return words.findIndex((word, index) => {
		if (isValue) {
			isValue = false;
			return false;
		}
		isValue = takesNext(word, words[index + 1], known);
		return !word.startsWith('-');
	});
}

/**
 * Where a command line stops being ours: at a lone `--`, or at a word behind which all belongs to another
 * program.
 *
 * @param from where such a word may stand first
 * @param known the flags that are ours
 * @returns the index of that word or of the `--`; the number of arguments when there is neither
 */
export function ownEnd(
	args: readonly string[],
	from: number,
	known: Readonly<Record<string, Options>>,
): number {
	const word = firstWord(args.slice(from), known);
	const dashes = args.indexOf('--');
	return word >= 0 ? from + word : dashes >= 0 ? dashes : args.length;
}

function takesNext(
	word: string,
	next: string | undefined,
	known: Readonly<Record<string, Options>>,
): boolean {
	const [, name = ''] = /^--([^=]+)$/.exec(word) ?? /^-([^-=])$/.exec(word) ?? [];
	const flag = name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);
	const options = known[flag] ?? Object.values(known).find(({alias}) => alias === flag);
	return options?.type === 'boolean' ? /^(true|false)$/.test(next ?? '') : options !== undefined;
}
