import {constants} from 'node:os';
import {type ProxyErrorCode, type ServeOptions, serve, type Tunnel} from '../index.js';
import {printable} from '../printable.js';
import type {Flags} from './flags.js';
import {namesToResolve} from './names-to-resolve.js';
import {announce, listeningEvent, logExchange, note, warn} from './output.js';
import {trustHint} from './trust-hint.js';

/**
 * Starts the tunnels, says so once all of them listen, and serves until a signal comes.
 *
 * @param watch called with each tunnel before anything is said
 * @returns the exit code: 128 and the number of the signal
 * @throws UserError whatever `serve` throws; tunnels that had started are closed before
 */
export async function keepServing(
	wanted: readonly ServeOptions[],
	flags: Flags,
	watch: (tunnel: Tunnel) => void = () => undefined,
): Promise<number> {
	const signal = nextSignal();
	const tunnels: Tunnel[] = [];
	try {
		for (const options of wanted) {
			const tunnel = await serve(options);
			tunnels.push(tunnel);
			watch(tunnel);
		}
	} catch (error) {
		await Promise.all(tunnels.map(tunnel => tunnel.close(0)));
		throw error;
	}
	for (const tunnel of tunnels) {
		attend(tunnel, flags);
	}
	if (!flags.quiet) {
		tunnels.forEach((tunnel, index) => void warnOfHosts(tunnel, wanted[index]));
	}
	if (flags.open && tunnels[0] !== undefined) {
		await openBrowser(tunnels[0].url);
	}
	const number = await signal;
	for (const name of endings) {
		process.once(name, () => process.exit(128 + number));
	}
	const patience = setTimeout(() => {
		if (!flags.quiet) {
			note('waiting up to 10 seconds for what runs; press Ctrl+C again to end at once');
		}
	}, 300);
	await Promise.all(tunnels.map(tunnel => tunnel.close()));
	clearTimeout(patience);
	return 128 + number;
}

/** Loads and asks nothing where all names are those of localhost. */
async function warnOfHosts(tunnel: Tunnel, options: ServeOptions | undefined): Promise<void> {
	const names = options === undefined ? [] : namesToResolve(options, tunnel);
	if (names.length > 0) {
		const {warnOfMissing} = await import('./missing-hosts.js');
		await warnOfMissing(names, options?.certs, tunnel.caFile);
	}
}

/** Failures that say that there is no backend to work with. */
const unusable = new Set<ProxyErrorCode>([
	'backend-refused',
	'backend-timeout',
	'backend-malformed',
]);

/** Ctrl+C, a polite kill, and the terminal going away. */
const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Resolves with the number of the first signal that asks to end. */
function nextSignal(): Promise<number> {
	return new Promise(resolve => {
		for (const name of endings) {
			process.once(name, () => resolve(constants.signals[name]));
		}
	});
}

function attend(tunnel: Tunnel, flags: Flags): void {
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

async function openBrowser(url: string): Promise<void> {
	const refuse = (why: string) => warn(`cannot open the browser: ${why}: open ${url} yourself`);
	try {
		const {default: open} = await import('open');
		const launcher = await open(url);
		launcher.on('error', error => refuse(error.message));
		launcher.on('exit', code => {
			if (code) {
				refuse(`its launcher ended with code ${code}`);
			}
		});
	} catch (error) {
		refuse(error instanceof Error ? error.message : String(error));
	}
}
