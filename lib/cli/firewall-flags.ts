import type {Options} from 'yargs';
import {flags, oldFlags, output, routeFlags, value} from './flags.js';

const {allow, deny, mtls, token, auth, expose, port, host} = flags;

/** The flags of `sealport firewall`: those of `sealport` that say who may connect where, and its own. */
export const firewallFlags = {
	for: {...value, group: output, describe: 'nftables, iptables, pf or windows [what is here]'},
	check: {
		type: 'boolean',
		group: output,
		describe: 'look whether a rule in force goes against it (Linux, root)',
	},
	...{port, host, allow, deny: {...deny, hidden: false}, mtls},
	'client-ca': flags['client-ca'],
	token,
	'token-file': flags['token-file'],
	auth,
	'auth-file': flags['auth-file'],
	expose,
	...routeFlags,
	...oldFlags,
	json: {...flags.json, describe: 'one JSON object a line on stdout'},
	quiet: flags.quiet,
	verbose: {...flags.verbose, describe: 'more about an error, for a bug report'},
} as const satisfies Record<string, Options>;
