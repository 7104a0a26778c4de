import {isLoopback} from '../config/access.js';
import type {ProxyErrorCode, Tunnel} from '../index.js';
import {printable} from '../printable.js';
import type {Flags} from './flags.js';
import {
	announce,
	listeningEvent,
	logExchange,
	logRefusal,
	note,
	reloadedEvent,
	warn,
} from './output.js';
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
	if (!flags.quiet) {
		tunnel.on('refusal', logRefusal);
	}
	tunnel.on('addresses', () => tellReach(tunnel, flags));
	if (flags.verbose) {
		tunnel.on('exchange', logExchange);
	} else if (!flags.quiet) {
		warnOfBackend(tunnel);
	}
}

function tellReach(tunnel: Tunnel, flags: Flags): void {
	if (flags.json) {
		process.stdout.write(`${reloadedEvent(tunnel)}\n`);
	} else if (!flags.quiet) {
		note(`this machine has other addresses than before; reach: ${tunnel.reach}`);
	}
}

/** Once for each name that is not served, and for those that are once for each place of clients. */
function warnOfDistrust(tunnel: Tunnel): void {
	const known = new Set<string>();
	tunnel.on('distrust', ({serverName, served, address}) => {
		const name = served || serverName === undefined ? '' : printable(serverName);
		const from = address !== undefined && !isLoopback(address) ? address : '';
		const key = name || from;
		if (known.has(key) || known.size > mostWarnings) {
			return;
		}
		known.add(key);
		if (name !== '') {
			warn(`a client asked for ${name}, which is not served: to serve it, add --name ${name}`);
			return;
		}
		const who = from === '' ? 'a client' : `a client at ${from}`;
		const what = tunnel.caFile === undefined ? 'your certificate' : 'the certificate';
		const how = tunnel.caFile === undefined ? '' : `: ${wayOut(tunnel, tunnel.caFile, address)}`;
		warn(`${who} does not trust ${what} and has closed the connection${how}`);
	});
}

/** @param address of the client, as far as it is known */
function wayOut({addresses}: Tunnel, caFile: string, address: string | undefined): string {
	if (address !== undefined && !isLoopback(address)) {
		return `give it ${caFile}`;
	}
	const trust = trustHint(caFile);
	const isElsewhere = address === undefined && !addresses.every(isLoopback);
	const elsewhere = isElsewhere ? `, or give it ${caFile} if it is not on this machine` : '';
	return trust === undefined
		? `make it trust ${caFile}`
		: `${trust}${elsewhere}; sealport doctor says which clients do`;
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
