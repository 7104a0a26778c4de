import type {Options} from 'yargs';
import {envFlags, flags, output, value} from './flags.js';

/** The flags of `sealport hosts`. */
export const hostsFlags = {
	file: {...value, group: output, describe: "another file than the system's hosts file"},
	'dry-run': {type: 'boolean', group: output, describe: 'print the lines, and change nothing'},
	certs: flags.certs,
	json: {...flags.json, describe: 'one JSON object on stdout'},
	quiet: flags.quiet,
	verbose: envFlags.verbose,
} as const satisfies Record<string, Options>;
