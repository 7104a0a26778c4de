import type {Options} from 'yargs';
import {flags, output, repeatable, tls} from './flags.js';

const stores = 'Trust stores:';
const store = {
	...repeatable,
	array: true,
	group: stores,
	describe: 'only this kind: system, nss, java or windows; repeatable',
} as const;
const dryRun = {
	type: 'boolean',
	group: stores,
	describe: 'print every command and file, and change nothing',
} as const;
const common = {
	certs: flags.certs,
	json: flags.json,
	quiet: flags.quiet,
	verbose: {type: 'boolean', group: output, describe: 'more about an error, for a bug report'},
} as const;

/** The flags of `sealport trust`. */
export const trustFlags = {
	store,
	'dry-run': dryRun,
	domain: {
		...repeatable,
		array: true,
		group: tls,
		describe: 'domain of yours that the CA is to vouch for, too; repeatable',
	},
	renew: {type: 'boolean', group: tls, describe: 'make a new CA and take the old one out'},
	...common,
} as const satisfies Record<string, Options>;

/** The flags of `sealport untrust`. */
export const untrustFlags = {
	store,
	'dry-run': dryRun,
	all: {
		type: 'boolean',
		group: stores,
		describe: 'also the CAs of other directories and checkouts',
	},
	...common,
} as const satisfies Record<string, Options>;
