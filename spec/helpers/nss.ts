import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {findProgram} from '../../lib/pki/trust/find-program.js';
import {type Machine, thisMachine} from '../../lib/pki/trust/machine.js';
import {type Outcome, run} from './run.js';
import {temporaryDirectory} from './temporary-directory.js';

/**
 * This machine with a home of the test's own and without any browser.
 *
 * @param programs those that are to be found besides `certutil`
 */
export function machineWithHome(t: ExecutionContext, ...programs: readonly string[]): Machine {
	const home = temporaryDirectory(t);
	return {
		...thisMachine(join(home, '.local', 'share', 'sealport')),
		home,
		env: {},
		find: program =>
			program === 'certutil'
				? findProgram(program)
				: programs.find(name => name === program) && `/usr/bin/${program}`,
	};
}

/** Runs `certutil` on a database. */
export function certutil(directory: string, ...args: readonly string[]): Promise<Outcome> {
	return run('certutil', ['-d', `sql:${directory}`, ...args]);
}

/**
 * Makes a database.
 *
 * @param password none when left out
 */
export async function makeDatabase(directory: string, password?: string): Promise<void> {
	mkdirSync(directory, {recursive: true, mode: 0o700});
	const file = join(directory, 'password');
	if (password !== undefined) {
		writeFileSync(file, password);
	}
	await certutil(
		directory,
		'-N',
		...(password === undefined ? ['--empty-password'] : ['-f', file]),
	);
}

/** The rows of `certutil -L`: nickname and flags. */
export async function rowsOf(directory: string): Promise<readonly string[]> {
	const {stdout} = await certutil(directory, '-L');
	return stdout
		.split('\n')
		.filter(line => /,[a-zA-Z]*,/.test(line) && !line.includes('S/MIME'))
		.map(line => line.trim().replace(/\s+/g, ' '));
}
