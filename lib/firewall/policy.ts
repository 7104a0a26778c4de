import type {Network} from './networks.js';

/** A rule of `--allow` or `--deny`, as far as a firewall can test it. */
export interface Condition {
	/** As its writer has it. */
	readonly text: string;
	/** Local users to whom it applies; `undefined` for all. */
	readonly uids: readonly number[] | undefined;
	/** Where clients are to whom it applies; `undefined` for everywhere. */
	readonly networks: readonly Network[] | undefined;
	/** What only Sealport can test, such as `exe=/usr/bin/curl`. */
	readonly beyond: readonly string[];
}

/** A port that is served, and who may connect to it. */
export interface Guarded {
	readonly port: number;
	/** What is listened on: `loopback`, `any` for all addresses, or an IP address. */
	readonly host: string;
	/** Whether clients beyond loopback may be let in at all. */
	readonly exposed: boolean;
	/** Rules; with none, everybody may connect whom no rule of `deny` names. */
	readonly allow: readonly Condition[];
	readonly deny: readonly Condition[];
	/** What Sealport asks for besides: `a client certificate`, `a token`. */
	readonly further: readonly string[];
}
