import {accessSync, constants} from 'node:fs';
import {delimiter, join} from 'node:path';
import test, {type Implementation} from 'ava';

type Declare = (title: string, implementation: Implementation<[]>) => void;

/**
 * Declares a test that needs other programs. Where one is missing the test is skipped and its title
 * says why; in CI, where all of them are installed, it fails instead.
 */
export function needs(...programs: readonly string[]): Declare {
	const missing = programs.filter(program => !isInstalled(program));
	return unless(missing.length > 0 && `${missing.join(', ')} not installed`);
}

/**
 * Declares a test, or skips it for a reason that stands in its title.
 *
 * @param reason why it cannot run here, or `false`; in CI a reason that can be mended fails the test
 * @param mendable `false` for what no installation changes, such as the platform
 */
export function unless(reason: string | false, mendable = true): Declare {
	if (reason === false) {
		return (title, implementation) => test(title, implementation);
	}
	if (mendable && process.env.CI !== undefined) {
		return title => test(title, t => t.fail(reason));
	}
	return (title, implementation) => test.skip(`${title} (${reason})`, implementation);
}

function isInstalled(program: string): boolean {
	return pathOf(program) !== undefined;
}

/** Where a program lies, or `undefined`. */
export function pathOf(program: string): string | undefined {
	const places = (process.env.PATH ?? '').split(delimiter).map(place => join(place, program));
	return places.find(place => {
		try {
			accessSync(place, constants.X_OK);
			return true;
		} catch {
			return false;
		}
	});
}
