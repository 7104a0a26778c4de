import {Session} from 'node:inspector';

/** Tells whether a run has reached code that no run before it had reached. */
export interface Coverage {
	/** Runs something and says whether it, or what ran since the last time, reached new code. */
	isNew(run: () => void): boolean;
	/** How many stretches of code have been reached. */
	readonly reached: number;
	close(): void;
}

/** Watches, by V8's own coverage, the modules whose address contains `part`. */
export function watchCoverage(part: string): Coverage {
	const session = new Session();
	session.connect();
	session.post('Profiler.enable');
	session.post('Profiler.startPreciseCoverage', {callCount: true, detailed: true});
	const reached = new Set<string>();
	return {
		isNew(run) {
			run();
			const before = reached.size;
			session.post('Profiler.takePreciseCoverage', (_error, {result}) => {
				for (const script of result.filter(({url}) => url.includes(part))) {
					for (const {ranges} of script.functions) {
						for (const {count, startOffset, endOffset} of ranges) {
							if (count > 0) {
								// How often, roughly: a loop taken twice is another case than once.
								reached.add(
									`${script.scriptId} ${startOffset} ${endOffset} ${Math.min(4, Math.floor(Math.log2(count)))}`,
								);
							}
						}
					}
				}
			});
			return reached.size > before;
		},
		get reached() {
			return reached.size;
		},
		close() {
			session.disconnect();
		},
	};
}
