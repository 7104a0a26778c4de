import {quoted} from './comment.js';
import type {Guard} from './guard.js';

/** A firewall for which rules can be written. */
export const dialectNames = ['nftables', 'iptables', 'pf', 'windows'] as const;
export type DialectName = (typeof dialectNames)[number];

/** How rules are written for one firewall. */
export interface Dialect {
	/** The command that loads a script from its standard input. */
	readonly load: string;
	/** Takes it away again. */
	readonly remove: readonly string[];
	/** What should be known before it is loaded, for people. */
	readonly notes: readonly string[];
	/** A whole script, without comments at its head. */
	write(guards: readonly Guard[]): readonly string[];
}

/** A whole script: loaded again it replaces what it has loaded before. */
export function scriptOf(dialect: Dialect, guards: readonly Guard[]): string {
	const {load, remove, notes} = dialect;
	const head = [
		'Who may connect to Sealport, by the policy in force.',
		`To load it:    pipe it into ${load}`,
		...remove.map((line, index) => `${index === 0 ? 'To remove it:' : '             '}  ${line}`),
		...notes,
		...guards.flatMap(({port, here, remarks}) => [
			...(here === undefined
				? [`Port ${port}: programs on this machine are let through; Sealport checks them itself.`]
				: []),
			...remarks.map(remark => `Port ${port}: ${quoted(remark)}`),
		]),
	];
	const lines = [...head.map(line => `# ${line}`), '', ...dialect.write(guards)];
	return `${lines.join('\n')}\n`;
}
