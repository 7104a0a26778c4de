import {offersFor} from './offers.js';
import type {CompletionShell} from './shells.js';

/** Stands between words, since it is in none, and every shell can write it. */
const separator = '\u001f';

/**
 * What a completion script is answered: the first line says whether files are to be offered, or the words
 * in the lines that follow, each with its meaning behind a tab.
 *
 * @param shell whose script asks
 * @param line the program's name, and the words up to the one being written
 */
export async function answer(shell: CompletionShell, line: string): Promise<string> {
	const words = line.split(separator).slice(1);
	const offers = await offersFor(shell === 'bash' ? joined(words) : words);
	if (typeof offers === 'string') {
		return `${offers}\n`;
	}
	const isValue = shell === 'bash' && joined(words).at(-1) !== words.at(-1);
	const lines = offers.map(({value, meaning}) => {
		// Bash replaces only what stands behind the equals sign.
		const word = isValue ? value.replace(/^[^=]*=/, '') : value;
		return meaning === '' ? word : `${word}\t${meaning}`;
	});
	return `${['words', ...lines].join('\n')}\n`;
}

/** Undoes what bash does to `--lane=wire`, which it takes for three words. */
function joined(words: readonly string[]): readonly string[] {
	const whole: string[] = [];
	for (const [index, word] of words.entries()) {
		const last = whole.at(-1) ?? '';
		const isSign = word === '=' && /^--[^=]+$/.test(last);
		const isValue = words[index - 1] === '=' && /^--[^=]+=$/.test(last);
		if (isSign || isValue) {
			whole[whole.length - 1] = last + word;
		} else {
			whole.push(word);
		}
	}
	return whole;
}
