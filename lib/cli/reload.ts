import {FilesRead, stateOf} from '../config/files-read.js';
import {watchFiles} from '../config/watch.js';
import {type ServeOptions, type Tunnel, UserError} from '../index.js';
import {type Effective, goneError} from './effective.js';
import {namingOrigin} from './origins.js';
import {note, reloadedEvent, reportError, result} from './output.js';
import {reconcile} from './reconcile.js';

/** What a reload goes by. */
export interface Source {
	/** What holds at the start. */
	readonly holds: Effective;
	/**
	 * Reads everything again.
	 *
	 * @param files is given the files that were read, also when that fails
	 */
	again(files: FilesRead): Promise<Effective>;
}

/** Takes changes of the configuration file. */
export interface Reloads {
	/** The tunnels as they are now. */
	readonly tunnels: readonly Tunnel[];
	/** Reads everything again, as SIGHUP asks for. */
	reload(): Promise<void>;
	close(): void;
}

/**
 * Watches the configuration file and what it imports, and has the tunnels do what it says. What is broken is
 * told once, and the tunnels stay as they are.
 *
 * @param attend called with each tunnel that is new
 */
export function followChanges(
	started: ReadonlyMap<Tunnel, ServeOptions>,
	{holds, again}: Source,
	attend: (tunnel: Tunnel) => void,
): Reloads {
	const {flags, file} = holds;
	let running = started;
	let current = holds;
	let told: string | undefined;
	let last: Promise<void> = Promise.resolve();
	const watch = watchFiles(holds.watched, () => void reload());

	function reload(): Promise<void> {
		last = last.then(once);
		return last;
	}

	async function once(): Promise<void> {
		const files = new FilesRead();
		let next: Effective | undefined;
		try {
			next = await again(files);
			if (file !== undefined && next.file === undefined) {
				throw goneError(current.file ?? file);
			}
			const before = running;
			running = await reconcile(running, next.options);
			current = next;
			told = undefined;
			for (const tunnel of running.keys()) {
				if (!before.has(tunnel)) {
					attend(tunnel);
				}
			}
			tellChange([...running.keys()], flags);
		} catch (error) {
			tellFailure(next === undefined ? error : namingOrigin(error, next.origins));
		}
		// One that was not read this time is known as it is now, or it would ask for a reload for ever.
		const others = [...current.watched.keys()].map(each => [each, stateOf(each)] as const);
		watch.update(new Map([...others, ...files.states]));
	}

	function tellFailure(error: unknown): void {
		const text = error instanceof Error ? error.message : String(error);
		if (text === told) {
			return;
		}
		told = text;
		reportError(error, flags.verbose === true);
		if (error instanceof UserError && !flags.quiet) {
			note('the configuration before stays in force');
		}
	}

	return {
		get tunnels() {
			return [...running.keys()];
		},
		reload,
		close: () => watch.close(),
	};
}

function tellChange(tunnels: readonly Tunnel[], flags: Effective['flags']): void {
	if (flags.json) {
		for (const tunnel of tunnels) {
			result(reloadedEvent(tunnel));
		}
	} else if (!flags.quiet) {
		const routes = tunnels.reduce((sum, tunnel) => sum + tunnel.routes.length, 0);
		const where = tunnels.map(({url}) => url).join(' ');
		note(`configuration reloaded: ${routes} ${routes === 1 ? 'route' : 'routes'}, ${where}`);
		for (const {url, reach} of tunnels) {
			if (reach !== undefined) {
				note(`reach${tunnels.length > 1 ? ` of ${url}` : ''}: ${reach}`);
			}
		}
	}
}
