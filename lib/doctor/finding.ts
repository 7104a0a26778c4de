import type {Backend} from '../forward/seams.js';
import type {CertificateChoice} from '../pki/choice.js';
import type {Machine} from '../pki/trust/machine.js';

/** What one check has found. Texts of other programs in it are raw. */
export interface Finding {
	/** What was looked at, in a word or two: `curl`, `port`. */
	readonly name: string;
	/**
	 * `ok`: as it should be. `failed`: something that keeps clients away. `note`: not as it might be, but
	 * nothing that is wrong with the machine, such as a program that asks for a variable of its shell.
	 */
	readonly verdict: 'ok' | 'failed' | 'note';
	readonly detail: string;
	/** What to do about it: a command line where one does it. */
	readonly hint?: string | undefined;
}

/** What is examined. */
export interface Case {
	readonly machine: Machine;
	/** The variables that clients are started with. */
	readonly env: Readonly<Record<string, string | undefined>>;
	/** Of the store, absolute. */
	readonly directory: string;
	/** What `sealport` would serve. */
	readonly certificate: CertificateChoice;
	/** The port that it would listen on; `undefined` for a free one. */
	readonly port: number | undefined;
	readonly backend: Backend | undefined;
	/** Milliseconds since 1970. */
	readonly now: number;
	/** Ends everything. */
	readonly signal: AbortSignal;
	/** Command lines for hints. */
	readonly commands: {
		/** Puts the root into the trust stores. */
		readonly trust: string;
		/** Sets the variables of this shell. */
		readonly env: string;
	};
}

/** Looks at one thing and changes nothing. A `UserError` that it throws is a finding that failed. */
export type Check = (what: Case) => Promise<readonly Finding[]>;
