import {defaultPort, type ServeOptions} from '../config/options.js';
import {UserError} from '../errors.js';
import {serve, type Tunnel} from '../serve.js';
import type {Logger} from './types.js';

/** Ports that are tried after the usual one, when nobody has asked for one. */
const moreTries = 9;

/** By the root of a project: the port that its tunnel had, to be taken again after Vite's restart. */
const lastPorts = new Map<string, number>();
/** Tunnels that are closing: Vite starts the next server without waiting for them. */
const closing = new Set<Promise<void>>();

/** A tunnel in front of one server of Vite. */
export interface Front {
	/** The tunnel once it is there; `undefined` where it could not be started, which the log says. */
	readonly ready: Promise<Tunnel | undefined>;
	close(): void;
}

/**
 * Starts a tunnel, on the port that is asked for, or else on the first of some that is free.
 *
 * @param root names the project
 */
export function openFront(options: ServeOptions, root: string, logger: Logger): Front {
	const abort = new AbortController();
	const ready = start(options, root, abort.signal).catch((error: unknown) => {
		if (!abort.signal.aborted) {
			logger.error(explain(error));
		}
		return undefined;
	});
	return {
		ready,
		close() {
			abort.abort();
			const closed = ready.then(tunnel => tunnel?.close(0));
			closing.add(closed);
			void closed.finally(() => closing.delete(closed));
		},
	};
}

async function start(options: ServeOptions, root: string, signal: AbortSignal): Promise<Tunnel> {
	await Promise.all(closing);
	for (const port of candidates(options, root)) {
		try {
			const tunnel = await serve({...options, port});
			lastPorts.set(root, tunnel.port);
			return tunnel;
		} catch (error) {
			signal.throwIfAborted();
			const isTaken = error instanceof UserError && error.code === 'port-taken';
			if (!isTaken || isChosen(options)) {
				throw error;
			}
		}
	}
	const tunnel = await serve({...options, port: 0});
	lastPorts.set(root, tunnel.port);
	return tunnel;
}

function isChosen({port}: ServeOptions): boolean {
	return port !== undefined && Number(port) !== 0;
}

function candidates(options: ServeOptions, root: string): ReadonlyArray<number | string> {
	if (options.port !== undefined && isChosen(options)) {
		return [options.port];
	}
	const last = lastPorts.get(root);
	const usual =
		options.port === undefined
			? Array.from({length: moreTries + 1}, (_, index) => defaultPort + index)
			: [];
	return [...(last === undefined ? [] : [last]), ...usual];
}

function explain(error: unknown): string {
	const text = error instanceof Error ? error.message : String(error);
	const hint =
		error instanceof UserError && error.hint !== undefined ? `\n  hint: ${error.hint}` : '';
	return `sealport: no HTTPS: ${text}${hint}`;
}
