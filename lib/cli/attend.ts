import type {ProxyErrorCode, Tunnel} from '../index.js';
import {printable} from '../printable.js';
import type {Flags} from './flags.js';
import {announce, listeningEvent, logExchange, warn} from './output.js';
import {trustHint} from './trust-hint.js';

/** Failures that say that there is no backend to work with. */
const unusable = new Set<ProxyErrorCode>([
	'backend-refused',
	'backend-timeout',
	'backend-malformed',
]);

/** Says where a tunnel is, and from then on what a person should know of it. */
export function attend(tunnel: Tunnel, flags: Flags): void {
	process.stdout.write(`${flags.json ? listeningEvent(tunnel) : tunnel.url}\n`);
	if (!flags.json && !flags.quiet) {
		announce(tunnel);
	}
	if (!flags.quiet) {
		for (const warning of tunnel.warnings) {
			warn(warning);
		}
		warnOfDistrust(tunnel);
	}
	if (flags.verbose) {
		tunnel.on('exchange', logExchange);
	} else if (!flags.quiet) {
		warnOfBackend(tunnel);
	}
}

/** Once for each name that is not served, and once for those that are. */
function warnOfDistrust(tunnel: Tunnel): void {
	const known = new Set<string>();
	tunnel.on('distrust', ({serverName, served}) => {
		const name = served || serverName === undefined ? '' : printable(serverName);
		if (known.has(name) || known.size > mostWarnings) {
			return;
		}
		known.add(name);
		if (name !== '') {
			warn(`a client asked for ${name}, which is not served: to serve it, add --name ${name}`);
		} else if (tunnel.caFile === undefined) {
			warn('a client does not trust your certificate and has closed the connection');
		} else {
			const trust = trustHint(tunnel.caFile);
			const how =
				trust === undefined
					? `make it trust ${tunnel.caFile}`
					: `${trust}; sealport doctor says which clients do`;
			warn(`a client does not trust the certificate and has closed the connection: ${how}`);
		}
	});
}

/** A client may make up names for ever. */
const mostWarnings = 20;

/** Says that the backend cannot be used, and says it again only after it could be in between. */
function warnOfBackend(tunnel: Tunnel): void {
	let known = false;
	tunnel.on('exchange', ({failure}) => {
		const fails = failure !== undefined && unusable.has(failure.code);
		if (fails && !known) {
			warn([failure.message, failure.hint ?? []].flat().join(': '));
		}
		known = fails;
	});
}
