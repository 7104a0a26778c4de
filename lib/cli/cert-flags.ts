import type {Options} from 'yargs';
import {flags, output, tls, value} from './flags.js';

const files = 'Files:';

/** The flags of `sealport cert`. */
export const certFlags = {
	client: {...value, group: tls, describe: 'a client certificate, for this person or program'},
	'key-type': {
		...value,
		group: tls,
		describe: 'ec (P-256) or rsa (2048 bits, for old clients) [ec]',
	},
	days: {...value, group: tls, describe: 'how long it lives, at most 825 days [365]'},
	certs: flags.certs,
	out: {...value, group: files, describe: 'directory for the files [the working directory]'},
	p12: {type: 'boolean', group: files, describe: 'one encrypted PKCS#12 file instead of PEM files'},
	passphrase: {
		...value,
		group: files,
		describe: 'encrypts it; other users see the command line: better set SEALPORT_PASSPHRASE',
	},
	legacy: {
		type: 'boolean',
		group: files,
		describe: 'Triple-DES instead of AES, for the keychains of macOS and iOS and for old systems',
	},
	force: {type: 'boolean', group: files, describe: 'overwrite files'},
	json: {...flags.json, describe: 'one JSON object on stdout'},
	quiet: flags.quiet,
	verbose: {type: 'boolean', group: output, describe: 'more about an error, for a bug report'},
} as const satisfies Record<string, Options>;
