import {distance} from 'fastest-levenshtein';
import type {Options} from 'yargs';
import {UserError} from '../errors.js';
import {nameOf} from './command.js';
import {commands} from './commands.js';

/**
 * Refuses what the parser would take for something else without a word: a switch with a value that is
 * neither true nor false, and `--no-` before a flag that is no switch.
 *
 * @throws UserError `option-invalid` or `usage`
 */
export function refuseOddForms(
	args: readonly string[],
	known: Readonly<Record<string, Options>>,
): void {
	for (const arg of args.slice(0, args.indexOf('--') + 1 || undefined)) {
		const [, flag = '', value] = /^--([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
		if (known[flag]?.type === 'boolean' && value !== undefined && !/^(true|false)$/.test(value)) {
			throw new UserError(
				'option-invalid',
				`${flag}: expected true or false, got ${JSON.stringify(value)}`,
				{hint: `--${flag} alone means true, --no-${flag} false`},
			);
		}
		const refused = known[flag.replace(/^no-/, '')];
		if (flag.startsWith('no-') && refused !== undefined && refused.type !== 'boolean') {
			throw unknownFlag(`--${flag}`, Object.keys(known));
		}
	}
}

/**
 * The error for what the parser refuses.
 *
 * @param message what it says
 * @param args the whole command line
 * @param known every flag there is
 */
export function usageError(
	message: string,
	args: readonly string[],
	known: readonly string[],
): UserError {
	const unknown = /^Unknown arguments?: (.*)$/.exec(message)?.[1]?.split(', ')[0];
	if (unknown === undefined) {
		const lacking = /^Not enough arguments following: (.*)$/.exec(message)?.[1];
		const text = message.split('\n')[0] ?? '';
		return lacking === undefined
			? new UserError('usage', `${text.charAt(0).toLowerCase()}${text.slice(1)}`, see)
			: new UserError('usage', `${lacking}: expected a value`, {
					hint: `one that begins with a dash is given as --${lacking}=VALUE; see sealport --help`,
				});
	}
	for (const flag of [`--${unknown}`, `--no-${unknown}`]) {
		if (args.some(arg => arg === flag || arg.startsWith(`${flag}=`))) {
			return unknownFlag(flag, known);
		}
	}
	if (unknown.length === 1 && args.some(arg => /^-[^-]/.test(arg) && arg.includes(unknown))) {
		return unknownFlag(`-${unknown}`, []);
	}
	return new UserError('usage', `unexpected argument ${JSON.stringify(unknown)}`, {
		hint: 'sealport takes one backend, its commands what their own --help says',
	});
}

const see = {hint: 'see sealport --help'};

function unknownFlag(flag: string, known: readonly string[]): UserError {
	const meant = nearest(flag.replace(/^--(no-)?/, ''), known);
	return new UserError('usage', `unknown flag ${flag}`, {
		hint:
			meant === undefined || flag === `--${meant}`
				? see.hint
				: `did you mean --${meant}? see sealport --help`,
	});
}

/** The command that a lone word was probably meant to be; `completion` is the parser's own. */
export function nearestCommand(word: string): string | undefined {
	return nearest(word, [...commands.map(nameOf), 'completion']);
}

function nearest(word: string, known: readonly string[]): string | undefined {
	const farthest = Math.min(2, Math.floor(word.length / 2));
	const rated = known.map(name => ({name, away: distance(word.toLowerCase(), name)}));
	return rated.sort((a, b) => a.away - b.away).find(({away}) => away <= farthest)?.name;
}
