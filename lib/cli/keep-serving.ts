import {constants} from 'node:os';
import {type ServeOptions, serve, type Tunnel} from '../index.js';
import {attend} from './attend.js';
import type {Flags} from './flags.js';
import {namesToResolve} from './names-to-resolve.js';
import {note} from './output.js';

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
		const {openBrowser} = await import('./open-browser.js');
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
