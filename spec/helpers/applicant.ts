import {parseAuthority} from '../../lib/forward/authority.js';
import type {Applicant, Client} from '../../lib/forward/seams.js';

/** Fields of a request, by names in lower case. */
export type Fields =
	| Readonly<Record<string, string | readonly string[]>>
	| ReadonlyArray<readonly [name: string, value: string]>;

/** A request as policies see it; what is left out is that of a GET of / on this machine. */
export interface Asking {
	readonly method?: string;
	readonly target?: string;
	/** Host and port asked for. */
	readonly host?: string;
	/** Of the client. */
	readonly address?: string;
	/** In place of one of whom only the address is known. */
	readonly client?: Client;
	readonly fields?: Fields;
}

export function applicant(asking: Asking = {}): Applicant {
	const {method = 'GET', target = '/', host = 'localhost:62893', fields = []} = asking;
	const {address = '127.0.0.1'} = asking;
	const {client = {address, port: 50_000, peers: undefined, certificate: undefined}} = asking;
	const pairs = Array.isArray(fields) ? fields : Object.entries(fields);
	return {
		client,
		authority: parseAuthority(host),
		method,
		target,
		values: name => pairs.flatMap(([each, value]) => (each === name ? value : [])),
	};
}
