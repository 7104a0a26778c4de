/** What a dev server is to listen on, and how people reach it. */
export interface Place {
	/** The port that the backend is to listen on. */
	readonly port: number;
	/** The address that it is to listen on. */
	readonly host: string;
	/** Where clients reach it through Sealport: `https://localhost:62893`. */
	readonly url: string;
	/** Where the command is started. */
	readonly cwd: string;
}

/** A flag that a framework is to be given, unless the person has given it already. */
export interface Flag {
	/** The flag's names, the one to use first. */
	readonly names: readonly string[];
	readonly words: readonly string[];
}

/** A flag with a value behind it: `flag('3000', '--port', '-p')`. */
export function flag(value: string | number, ...names: readonly [string, ...string[]]): Flag {
	return {names, words: [names[0], String(value)]};
}

/** A flag that is one word: `--strictPort`, `--appendPort=false`. */
export function word(text: string): Flag {
	return {names: [text.split('=')[0] ?? text], words: [text]};
}

/** Whether the words name the flag already: `--port 1`, `--port=1`, `-p1`. */
export function isGiven({names}: Flag, words: readonly string[]): boolean {
	return words.some(word => names.some(name => valueIn(word, name) !== undefined));
}

/**
 * The number that the words give for the last of these flags; `undefined` when there is none, or when it
 * is no number from 1 to 65535, such as `$PORT`.
 */
export function numberOf(names: readonly string[], words: readonly string[]): number | undefined {
	const found = words.flatMap((word, index) => {
		const value = names.map(name => valueIn(word, name)).find(text => text !== undefined);
		return value === undefined ? [] : [value === '' ? (words[index + 1] ?? '') : value];
	});
	return portIn(found.at(-1) ?? '');
}

/** The port in a word: `3000`, and `127.0.0.1:3000`. */
export function portIn(text: string): number | undefined {
	const digits = /^(?:[\w.-]*:|\[[\da-f:]*\]:)?(\d{1,5})$/i.exec(text)?.[1];
	const port = Number(digits);
	return port >= 1 && port <= 65_535 ? port : undefined;
}

/** What stands behind a flag's name in a word: nothing when the value is the next word. */
function valueIn(word: string, name: string): string | undefined {
	if (word === name) {
		return '';
	}
	if (word.startsWith(`${name}=`)) {
		return word.slice(name.length + 1);
	}
	const isShort = /^-\w$/.test(name);
	return isShort && word.startsWith(name) && /^\d+$/.test(word.slice(2))
		? word.slice(2)
		: undefined;
}
