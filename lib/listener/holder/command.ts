import {execFile} from 'node:child_process';
import {printable} from '../../printable.js';

const longest = 120;

const secret = /^--?(passphrase|password|passwd|secret|token)$/i;

/**
 * A command line for people: arguments with blanks quoted, printable, cut after 120 characters. What
 * is given as a passphrase or its like is left out, since error messages get copied around.
 */
export function commandText(argv: readonly string[]): string {
	const hidden = argv.map((word, index) => {
		const [flag = '', value] = word.split('=', 2);
		return value !== undefined && secret.test(flag)
			? `${flag}=…`
			: secret.test(argv[index - 1] ?? '')
				? '…'
				: word;
	});
	const words = hidden.map(word => (word === '' || /\s/.test(word) ? `'${word}'` : word));
	return printable(words.join(' '), longest);
}

/** Splits a command line that was given as one text, with double quotes around words with blanks. */
export function splitCommand(text: string): string[] {
	return Array.from(text.matchAll(/"([^"]*)"|\S+/g), match => match[1] ?? match[0]);
}

/** The last part of a path of either kind, without `.exe`. */
export function programName(path: string): string {
	return (path.split(/[/\\]/).at(-1) ?? path).replace(/\.exe$/i, '');
}

const interpreter = /^(node|nodejs|bun|deno|electron)$/i;
const takesValue =
	/^(-r|--require|--import|--loader|--experimental-loader|-C|--conditions|--env-file|--title)$/;

/**
 * Whether a command line runs Sealport: the program, or the script that an interpreter runs, is
 * called `sealport`, or lies in a folder `sealport/dist/bin`.
 */
export function isSealport(argv: readonly string[]): boolean {
	const [program = '', ...rest] = argv;
	if (runsSealport(program)) {
		return true;
	}
	if (!interpreter.test(programName(program))) {
		return false;
	}
	for (let index = 0; index < rest.length; index++) {
		const word = rest[index] ?? '';
		if (!word.startsWith('-')) {
			return runsSealport(word);
		}
		if (/^(-e|-p|-pe|--eval|--print)$/.test(word)) {
			return false;
		}
		index += takesValue.test(word) ? 1 : 0;
	}
	return false;
}

function runsSealport(path: string): boolean {
	return (
		/^sealport(\.c?js|\.cmd)?$/i.test(programName(path)) ||
		/[/\\]sealport[/\\]dist[/\\]bin[/\\][^/\\]+$/i.test(path)
	);
}

/**
 * Runs a program without a shell and gives what it wrote to its standard output, or `undefined` when
 * it cannot be run, writes nothing, or takes too long.
 *
 * @param file absolute path
 * @param timeout milliseconds after which it is killed
 */
export function output(
	file: string,
	args: readonly string[],
	timeout: number,
): Promise<string | undefined> {
	return new Promise(resolve => {
		execFile(
			file,
			args,
			{timeout, windowsHide: true, maxBuffer: 16 * 2 ** 20, killSignal: 'SIGKILL'},
			// lsof ends with 1 when only part of what it was asked for is there: the text is what counts.
			(_error, stdout) => resolve(stdout.trim() === '' ? undefined : stdout),
		);
	});
}
