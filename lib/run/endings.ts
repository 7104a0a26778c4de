/** What asks Sealport to end. */
export interface Endings {
	/** The first signal. */
	readonly first: Promise<NodeJS.Signals>;
	/** Aborts at the next one: at once, please. */
	readonly hurry: AbortSignal;
	close(): void;
}

/** Ctrl+C, a polite kill, and the terminal going away. */
const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Milliseconds in which a second signal is still the first: npm passes on what a terminal has sent already. */
const echo = 300;

/**
 * Hears the signals that ask to end, until it is closed.
 *
 * @param hangUp asked at a SIGHUP whether it means something else; it does not by default
 */
export function hearEndings(hangUp: () => boolean = () => false): Endings {
	const hurry = new AbortController();
	let since: number | undefined;
	let resolve: (signal: NodeJS.Signals) => void = () => undefined;
	const first = new Promise<NodeJS.Signals>(done => {
		resolve = done;
	});
	const hear = (signal: NodeJS.Signals) => {
		if (signal === 'SIGHUP' && hangUp()) {
			return;
		}
		if (since === undefined) {
			since = performance.now();
			resolve(signal);
		} else if (performance.now() - since > echo) {
			hurry.abort();
		}
	};
	for (const name of names) {
		process.on(name, hear);
	}
	return {
		first,
		hurry: hurry.signal,
		close() {
			for (const name of names) {
				process.off(name, hear);
			}
		},
	};
}
