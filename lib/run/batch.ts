import {CommandError} from './command-error.js';

/**
 * The arguments of `cmd.exe`, for Windows to pass on as they are, that run a batch file with arguments
 * of its own and let none of them be taken for a command (CVE-2024-24576 and its kin).
 *
 * - Everything stands in double quotes, in which `& | < > ^ ( )` mean nothing. A quote in it is doubled,
 *   so that the count stays even, and backslashes before a quote are doubled, for the program behind the
 *   batch file that splits its arguments as C does.
 * - A percent sign would name a variable even in quotes. `%cd:~,%` is an empty part of a variable that
 *   always is; put behind the sign it leaves the sign alone there, with no name to it.
 * - Off are variables by exclamation mark (`/v:OFF`) and commands from the registry (`/d`); `/e:ON` is
 *   what knows parts of variables, and `/s` takes just the outer quotes off.
 *
 * @param file absolute path of the batch file
 * @throws CommandError for a line break or NUL, which end the line whatever is around them
 */
export function batchArguments(file: string, args: readonly string[]): readonly string[] {
	const line = [file, ...args].map(quoted).join(' ');
	return ['/e:ON', '/v:OFF', '/d', '/s', '/c', `"${line}"`];
}

function quoted(word: string): string {
	if (/[\r\n\0]/.test(word)) {
		throw new CommandError(126, `cannot pass ${JSON.stringify(word)} to a batch file`, {
			hint: 'leave line breaks out of its arguments, or start the program behind it yourself',
		});
	}
	const text = word
		.replace(
			/(\\*)("|$)/g,
			(_all, slashes: string, quote: string) => slashes + slashes + quote + quote,
		)
		.replaceAll('%', '%%cd:~,%');
	return `"${text}"`;
}
