import {constants} from 'node:os';
import {type ServeOptions, serve, type Tunnel} from '../index.js';
import {attend} from './attend.js';
import type {Flags} from './flags.js';
import {isHangUp} from './hang-up.js';
import {namesToResolve} from './names-to-resolve.js';
import {note} from './output.js';
import type {Reloads, Source} from './reload.js';
import {warnOfSecrets} from './secret-flags.js';

/**
 * Starts the tunnels, says so once all of them listen, and serves until a signal comes.
 *
 * @param watch called with each tunnel before anything is said
 * @param source where the options have come from, to take changes of it
 * @returns the exit code: 128 and the number of the signal
 * @throws UserError whatever `serve` throws; tunnels that had started are closed before
 */
export async function keepServing(
	wanted: readonly ServeOptions[],
	flags: Flags,
	watch: (tunnel: Tunnel) => void = () => undefined,
	source?: Source,
): Promise<number> {
	let reloads: Reloads | undefined;
	const signal = nextSignal(() => {
		if (source?.holds.file === undefined || reloads === undefined) {
			note('SIGHUP: there is no configuration file to read again');
		} else {
			void reloads.reload();
		}
	});
	const started = new Map<Tunnel, ServeOptions>();
	try {
		for (const options of wanted) {
			const tunnel = await serve(options);
			started.set(tunnel, options);
			watch(tunnel);
		}
	} catch (error) {
		await Promise.all([...started.keys()].map(tunnel => tunnel.close(0)));
		throw error;
	}
	const tunnels = [...started.keys()];
	for (const tunnel of tunnels) {
		attend(tunnel, flags);
	}
	if (!flags.quiet) {
		warnOfSecrets(flags);
		tunnels.forEach((tunnel, index) => void warnOfHosts(tunnel, wanted[index]));
	}
	if (source?.holds.file !== undefined) {
		const {followChanges} = await import('./reload.js');
		reloads = followChanges(started, source, tunnel => attend(tunnel, flags));
	}
	if (flags.open && tunnels[0] !== undefined) {
		const {openBrowser} = await import('./open-browser.js');
		await openBrowser(tunnels[0]);
	}
	const number = await signal;
	reloads?.close();
	for (const name of endings) {
		process.once(name, () => process.exit(128 + number));
	}
	const patience = setTimeout(() => {
		if (!flags.quiet) {
			note('waiting up to 10 seconds for what runs; press Ctrl+C again to end at once');
		}
	}, 300);
	const last = reloads?.tunnels ?? tunnels;
	await Promise.all(last.map(tunnel => tunnel.close()));
	clearTimeout(patience);
	if (!flags.quiet) {
		noteRefusals(last);
	}
	return 128 + number;
}

/** Loads and asks nothing where all names are those of localhost. */
export async function warnOfHosts(
	tunnel: Tunnel,
	options: ServeOptions | undefined,
): Promise<void> {
	const names = options === undefined ? [] : namesToResolve(options, tunnel);
	if (names.length > 0) {
		const {warnOfMissing} = await import('./missing-hosts.js');
		await warnOfMissing(names, options?.certs, tunnel.caFile);
	}
}

/** How often each policy has refused. */
function noteRefusals(tunnels: readonly Tunnel[]): void {
	const counts = new Map<string, number>();
	for (const [policy, count] of tunnels.flatMap(({refusals}) => [...refusals])) {
		counts.set(policy, (counts.get(policy) ?? 0) + count);
	}
	if (counts.size > 0) {
		note(`refused by policy: ${[...counts].map(each => each.join(' ')).join(', ')}`);
	}
}

/** Ctrl+C, a polite kill, and the terminal going away. */
const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Resolves with the number of the first signal that asks to end: a SIGHUP does when the terminal went away.
 *
 * @param onReload told of a SIGHUP that does not
 */
function nextSignal(onReload: () => void): Promise<number> {
	return new Promise(resolve => {
		const end = (name: (typeof endings)[number]) => {
			process.off('SIGHUP', hangUp);
			resolve(constants.signals[name]);
		};
		const hangUp = () => {
			if (isHangUp()) {
				end('SIGHUP');
				return;
			}
			onReload();
			// A shell that ends says so shortly before its terminal is gone.
			setTimeout(() => isHangUp() && end('SIGHUP'), 1000).unref();
		};
		process.once('SIGINT', end);
		process.once('SIGTERM', end);
		process.on('SIGHUP', hangUp);
	});
}
