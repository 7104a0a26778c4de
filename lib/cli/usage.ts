import {UserError} from '../errors.js';
import {nearest} from '../nearest.js';
import {type Command, nameOf} from './command.js';
import {commands} from './commands.js';
import {wrapFlags} from './flags.js';

/**
 * Refuses what the parser would take for something else without a word: a switch with a value that is
 * neither true nor false, and `--no-` before a flag that is no switch.
 *
 * @param name of the command; none for the default one
 * @throws UserError `option-invalid` or `usage`
 */
export function refuseOddForms(
	args: readonly string[],
	name: string | undefined,
	known: Command['flags'],
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
			throw unknownFlag(`--${flag}`, name, known);
		}
	}
}

/**
 * Refuses words behind a lone `--` that begin with a dash: no argument of ours does.
 *
 * @throws UserError `usage`
 */
export function refuseFlags(words: readonly string[], name: string | undefined): void {
	const flag = words.find(word => word.startsWith('-'));
	if (flag !== undefined) {
		throw unexpected(flag, name);
	}
}

/**
 * The error for what the parser refuses.
 *
 * @param message what it says
 * @param args the whole command line
 * @param name of the command; none for the default one
 * @param known the flags that it takes
 */
export function usageError(
	message: string,
	args: readonly string[],
	name: string | undefined,
	known: Command['flags'],
): UserError {
	const see = `see ${helpOf(name)}`;
	const unknown = /^Unknown arguments?: (.*)$/.exec(message)?.[1]?.split(', ')[0];
	if (unknown === undefined) {
		const lacking = /^Not enough arguments following: (.*)$/.exec(message)?.[1];
		const text = message.split('\n')[0] ?? '';
		return lacking === undefined
			? new UserError('usage', `${text.charAt(0).toLowerCase()}${text.slice(1)}`, {
					hint: see,
				})
			: new UserError('usage', `${lacking}: expected a value`, {
					hint: `one that begins with a dash is given as --${lacking}=VALUE; ${see}`,
				});
	}
	for (const flag of [`--${unknown}`, `--no-${unknown}`]) {
		if (args.some(arg => arg === flag || arg.startsWith(`${flag}=`))) {
			return unknownFlag(flag, name, known);
		}
	}
	if (unknown.length === 1 && args.some(arg => /^-[^-]/.test(arg) && arg.includes(unknown))) {
		return unknownFlag(`-${unknown}`, name, {});
	}
	return unexpected(unknown, name);
}

function unexpected(word: string, name: string | undefined): UserError {
	return new UserError('usage', `unexpected argument ${JSON.stringify(word)}`, {
		hint: whatItTakes(name),
	});
}

function whatItTakes(name: string | undefined): string {
	const command = commands.find(each => nameOf(each) === name);
	if (command?.takesCommand) {
		return `put -- before the command, as in sealport ${name} -- npm test`;
	}
	const isBackend = name === undefined || command?.positionals?.backend !== undefined;
	const self = name === undefined ? 'sealport' : `sealport ${name}`;
	return `${self} takes ${isBackend ? 'one backend' : 'no arguments'}; see ${helpOf(name)}`;
}

function helpOf(name: string | undefined): string {
	return name === undefined ? 'sealport --help' : `sealport ${name} --help`;
}

function unknownFlag(flag: string, name: string | undefined, known: Command['flags']): UserError {
	const bare = flag.replace(/^--(no-)?/, '');
	const others = commands.filter(({flags}) => bare in flags && !(bare in known)).map(nameOf);
	const meant = nearest(bare, Object.keys(known));
	const hint =
		bare in wrapFlags && !(bare in known)
			? 'it is for wrapping a backend, as in sealport 3000; '
			: others.length > 0
				? `it belongs to ${others.map(other => `sealport ${other}`).join(' and ')}; `
				: meant === undefined || flag === `--${meant}`
					? ''
					: `did you mean --${meant}? `;
	return new UserError('usage', `unknown flag ${flag}`, {hint: `${hint}see ${helpOf(name)}`});
}

/** The command that a lone word was probably meant to be. */
export function nearestCommand(word: string): string | undefined {
	return nearest(word, commands.map(nameOf));
}
