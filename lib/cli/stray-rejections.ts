import {complain} from './output.js';

let isHeard = false;

/**
 * From now on a promise that fails unheard is told of once and ends nothing: it is one of the configuration's
 * own code, such as a listener of `configure` that is `async`, and others go on being served.
 */
export function hearStrayRejections(): void {
	if (isHeard) {
		return;
	}
	isHeard = true;
	let told: string | undefined;
	process.on('unhandledRejection', reason => {
		const text = reason instanceof Error ? reason.message : String(reason);
		const [, place] = /\n\s+at (.*)/.exec((reason instanceof Error && reason.stack) || '') ?? [];
		const message = `a promise has failed that nobody waits for: ${text}${place === undefined ? '' : `, at ${place}`}`;
		if (message !== told) {
			told = message;
			complain(message, ['await or catch it in the configuration']);
		}
	});
}
