import type {X509Certificate} from 'node:crypto';
import {UserError} from '../../../errors.js';
import {printable} from '../../../printable.js';
import {certificatesIn} from '../certificates-in.js';
import type {Machine} from '../machine.js';
import type {Root} from '../root.js';
import {commandLine, type Step} from '../step.js';

/** What lies in a database under one nickname. */
export interface Holding {
	readonly nickname: string;
	/** Whether it is trusted to sign the certificates of servers. */
	readonly isTrusted: boolean;
	readonly certificates: readonly X509Certificate[];
}

/** Asks and changes one database through NSS's own program. */
export interface Certutil {
	/**
	 * Everything in the database.
	 *
	 * @param only leaves out nicknames that are not trusted
	 * @throws UserError `trust-store-unusable`
	 */
	holdings(only: 'trusted' | 'all'): Promise<readonly Holding[]>;
	/** Whether a change needs the password that its owner has given it. */
	isLocked(): Promise<boolean>;
	readonly make: Step;
	add(root: Root): Step;
	/** The same for a terminal, where it asks for the password. */
	addByHand(root: Root): Step;
	remove(nickname: string): Step;
}

/**
 * @param program absolute path of `certutil`
 * @param directory of the database, absolute
 */
export function certutilFor(machine: Machine, program: string, directory: string): Certutil {
	const database = ['-d', `sql:${directory}`];
	// Without the empty file certutil would ask the terminal for a password, or its closed input without end.
	const silent = ['-f', '/dev/null'];
	const ask = (...args: readonly string[]) =>
		machine.ask(program, [...args, ...database, ...silent], 'person');
	const step = (...args: readonly string[]): Step => ({kind: 'run', program, args});
	const adding = ({name, file}: Root) => {
		return ['-A', ...database, '-n', name, '-t', 'C,,', '-i', file];
	};
	const list = async () => {
		const {code, stdout, stderr} = await ask('-L');
		if (code !== 0) {
			const said = printable(stderr.trim().split('\n').at(-1) ?? '');
			throw new UserError(
				'trust-store-unusable',
				`cannot read the database ${directory}: ${said}`,
				{hint: `look at it with: ${commandLine(step('-L', ...database), machine.platform)}`},
			);
		}
		return entriesIn(stdout);
	};
	return {
		async holdings(only) {
			const entries = (await list()).filter(({isTrusted}) => isTrusted || only === 'all');
			const holdings: Holding[] = [];
			for (const entry of entries) {
				const {stdout} = await ask('-L', '-n', entry.nickname, '-a');
				holdings.push({...entry, certificates: certificatesIn(stdout)});
			}
			return holdings;
		},
		// Listing keys is what needs the password and changes nothing.
		isLocked: async () => (await ask('-K')).stderr.includes('SEC_ERROR_BAD_PASSWORD'),
		make: step('-N', ...database, '--empty-password', ...silent),
		add: root => step(...adding(root), ...silent),
		addByHand: root => step(...adding(root)),
		remove: nickname => step('-D', ...database, '-n', nickname, ...silent),
	};
}

/** The rows of `certutil -L`: a nickname, spaces, and flags for servers, mail and code. */
function entriesIn(listing: string): readonly {nickname: string; isTrusted: boolean}[] {
	const entries = new Map<string, boolean>();
	for (const line of listing.split('\n')) {
		const [, nickname, flags] = /^(.+?)\s+([a-zA-Z]*),[a-zA-Z]*,[a-zA-Z]*\s*$/.exec(line) ?? [];
		if (nickname !== undefined && flags !== undefined) {
			entries.set(nickname, flags.includes('C') || entries.get(nickname) === true);
		}
	}
	return [...entries].map(([nickname, isTrusted]) => ({nickname, isTrusted}));
}
