import {existsSync, readdirSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {unless} from './programs.js';

/** Where Debian puts the library of faketime(1), for each architecture. */
const library = namesIn('/usr/lib')
	.map(name => join('/usr/lib', name, 'faketime', 'libfaketime.so.1'))
	.find(path => existsSync(path));

/** Declares a test that needs a clock of its own. */
export const withFakeClock = unless(library === undefined && 'faketime not installed');

/**
 * Variables under which a program has another time of day, while its timers and the times of files are
 * the real ones.
 *
 * @param clock as faketime(1) has it: `+400d`, or `@2030-01-01 00:00:00 x1000`
 */
export function fakeClock(clock: string): NodeJS.ProcessEnv {
	sweep();
	return {
		LD_PRELOAD: library,
		FAKETIME: clock,
		FAKETIME_DONT_FAKE_MONOTONIC: '1',
		NO_FAKE_STAT: '1',
	};
}

/** What the library makes for a process stays behind when that is killed; the next of its number fails. */
function sweep(): void {
	for (const name of namesIn('/dev/shm')) {
		const pid = /^(?:sem\.)?faketime_(?:shm|sem)_(\d+)$/.exec(name)?.[1];
		if (pid !== undefined && !existsSync(join('/proc', pid))) {
			rmSync(join('/dev/shm', name), {force: true});
		}
	}
}

function namesIn(directory: string): readonly string[] {
	return existsSync(directory) ? readdirSync(directory) : [];
}
