import {limitNames} from '../../config/limits.js';
import {dialectNames} from '../../firewall/dialect.js';
import type {StoreName} from '../../pki/trust/place.js';
import {limitFlagName} from '../flags.js';
import {shells} from '../shells.js';

/** One thing that Tab offers. */
export interface Offer {
	readonly value: string;
	/** What it is, for shells that show that. Printable. */
	readonly meaning: string;
}

/** What may stand somewhere: a path, or one of these. */
export type Offers = 'files' | readonly Offer[];

const stores = ['system', 'nss', 'java', 'windows'] as const satisfies readonly StoreName[];

const values: Readonly<Record<string, Offers>> = {
	lane: [
		{value: 'wire', meaning: 'passes bytes through'},
		{value: 'message', meaning: "by Node's servers and http-proxy"},
	],
	'key-type': [
		{value: 'ec', meaning: 'P-256'},
		{value: 'rsa', meaning: 'for old clients'},
	],
	shell: plain(shells),
	store: plain(stores),
	limit: plain(limitNames.map(name => `${limitFlagName(name)}=`)),
	for: plain(dialectNames),
	host: plain(['127.0.0.1', '::1', '0.0.0.0']),
	cert: 'files',
	key: 'files',
	pfx: 'files',
	certs: 'files',
	out: 'files',
	config: 'files',
	file: 'files',
};

/** The values of a flag, by its name without dashes; none where they are not known. */
export function valuesOf(flag: string): Offers {
	return values[flag] ?? [];
}

/** Offers that explain themselves. */
export function plain(texts: readonly string[]): readonly Offer[] {
	return texts.map(value => ({value, meaning: ''}));
}
