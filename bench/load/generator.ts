import type {Summary} from './own.js';

const summary: {-readonly [name in keyof Summary]: Summary[name]} = {done: 0, failed: 0};
let stopped = false;

/** Whether to begin anything more. */
export const goesOn = (): boolean => !stopped;

/** Notes a unit of work that went well. */
export function done(): void {
	summary.done++;
}

/** Notes one that did not; what fails once the load is to stop is no failure. */
export function failed(why: string): void {
	if (!stopped) {
		summary.failed++;
		summary.why ??= why;
	}
}

process.on('message', () => {
	stopped = true;
	process.send?.(summary, () => process.exit());
});
process.on('disconnect', () => {
	process.exit();
});
