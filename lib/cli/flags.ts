import type {Options} from 'yargs';
import {UserError} from '../errors.js';

const tls = 'Certificate:';
const output = 'Output:';
const old = 'As local-ssl-proxy has them:';

/** The flags that every command which serves understands. */
export const flags = {
	port: {alias: 'p', type: 'string', describe: 'port to listen on; 0 takes a free one [62893]'},
	host: {type: 'string', describe: 'address to listen on [127.0.0.1 and ::1]'},
	name: {type: 'string', array: true, describe: 'host name to serve besides localhost; repeatable'},
	wait: {type: 'string', describe: 'seconds to hold requests while the backend is down [5]'},
	open: {type: 'boolean', describe: 'open the browser'},
	cert: {alias: 'c', type: 'string', group: tls, describe: 'your own certificate, PEM'},
	key: {alias: 'k', type: 'string', group: tls, describe: 'its private key, PEM'},
	pfx: {type: 'string', group: tls, describe: 'your own certificate and key, PKCS#12'},
	passphrase: {type: 'string', group: tls, describe: 'opens an encrypted --key or --pfx'},
	'self-signed': {type: 'boolean', group: tls, describe: 'one certificate that signs itself'},
	certs: {type: 'string', group: tls, describe: 'directory of the certificate files'},
	json: {type: 'boolean', group: output, describe: 'one JSON object a line on stdout'},
	quiet: {type: 'boolean', group: output, describe: 'errors only'},
	verbose: {type: 'boolean', group: output, describe: 'a line for every request'},
} as const satisfies Record<string, Options>;

/** The flags that make switching from local-ssl-proxy a change of one word. */
export const oldFlags = {
	source: {alias: 's', type: 'string', group: old, describe: 'port to listen on [9001]'},
	target: {alias: 't', type: 'string', group: old, describe: 'port of the backend [9000]'},
	hostname: {alias: 'n', type: 'string', group: old, describe: 'host of the backend [localhost]'},
	config: {alias: 'o', type: 'string', group: old, describe: 'JSON file with several proxies'},
} as const satisfies Record<string, Options>;

/** What the flags come to. */
export interface Flags {
	readonly port?: string | undefined;
	readonly host?: string | undefined;
	readonly name?: readonly string[] | undefined;
	readonly wait?: string | undefined;
	readonly open?: boolean | undefined;
	readonly cert?: string | undefined;
	readonly key?: string | undefined;
	readonly pfx?: string | undefined;
	readonly passphrase?: string | undefined;
	readonly selfSigned?: boolean | undefined;
	readonly certs?: string | undefined;
	readonly json?: boolean | undefined;
	readonly quiet?: boolean | undefined;
	readonly verbose?: boolean | undefined;
	readonly source?: string | undefined;
	readonly target?: string | undefined;
	readonly hostname?: string | undefined;
	readonly config?: string | undefined;
}

const truths: Readonly<Record<string, boolean>> = {'1': true, true: true, '0': false, false: false};

/**
 * Reads `SEALPORT_<FLAG>` from the environment; a repeatable flag takes its values with commas
 * between. An empty variable counts as not set.
 *
 * @throws UserError `option-invalid` for a switch that is neither true nor false
 */
export function fromEnvironment(
	env: NodeJS.ProcessEnv,
): Record<string, string | boolean | string[]> {
	const found: Record<string, string | boolean | string[]> = {};
	const known: Record<string, Options> = {...flags, ...oldFlags};
	for (const [flag, {type, array}] of Object.entries(known)) {
		const variable = `SEALPORT_${flag.replaceAll('-', '_').toUpperCase()}`;
		const value = env[variable];
		if (value === undefined || value === '') {
			continue;
		}
		if (type === 'boolean') {
			const truth = truths[value.toLowerCase()];
			if (truth === undefined) {
				throw new UserError(
					'option-invalid',
					`${variable}: expected true or false, got ${JSON.stringify(value)}`,
				);
			}
			found[flag] = truth;
		} else {
			found[flag] = array ? value.split(',').map(part => part.trim()) : value;
		}
	}
	return found;
}
