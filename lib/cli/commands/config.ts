import {validate} from '../../config/options.js';
import {checkRestrictions} from '../../snapshot.js';
import {describe, tunnelsOf} from '../config-report.js';
import {effective} from '../effective.js';
import type {Flags} from '../flags.js';
import {namingOrigin} from '../origins.js';
import {note, result} from '../output.js';

/**
 * `sealport config`: prints what `sealport` would go by, and where each value has come from. It starts nothing.
 *
 * @returns the exit code
 * @throws ConfigError with all that is wrong
 */
export async function config(backend: string | undefined, flags: Flags): Promise<number> {
	const holds = await effective({backend, flags});
	try {
		for (const options of tunnelsOf(holds)) {
			await checkRestrictions(validate(options));
		}
		const report = describe(holds);
		if (flags.json) {
			result(JSON.stringify(report.event));
			return 0;
		}
		for (const line of report.lines) {
			result(line);
		}
		if (report.isEmpty && !flags.quiet) {
			note('no backend is named: sealport would wrap the dev server that it finds');
		}
		return 0;
	} catch (error) {
		throw namingOrigin(error, holds.origins);
	}
}
