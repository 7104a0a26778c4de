import {type Flags, isGiven, variableOf} from './flags.js';
import {warn} from './output.js';

/** What to use instead of each flag that takes a secret. */
const instead = {token: '--token-file', auth: '--auth-file'} as const;

/** Warns of secrets that are on the command line. */
export function warnOfSecrets(flags: Flags): void {
	for (const warning of secretWarnings(flags)) {
		warn(warning);
	}
}

/**
 * A warning for each secret that is on the command line.
 *
 * @param args what Sealport was called with
 */
export function secretWarnings(
	flags: Flags,
	args: readonly string[] = process.argv.slice(2),
): string[] {
	const end = args.indexOf('--');
	const own = end < 0 ? args : args.slice(0, end);
	return (['token', 'auth'] as const)
		.filter(name => Boolean(flags[name]) && isGiven(name, undefined, own))
		.map(
			name =>
				`--${name}: other users of this machine can read it in the list of processes: set ${variableOf(name)} or use ${instead[name]}`,
		);
}
