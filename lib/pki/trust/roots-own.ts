import {posix} from 'node:path';
import {UserError} from '../../errors.js';
import type {Machine} from './machine.js';

/**
 * Where root keeps what it needs to put a file back, or what it hands to a program, out of everybody's
 * reach. It is there only while something is in it.
 *
 * @param name what is used in it, if that is there
 * @returns absolute path
 * @throws UserError `trust-store-unusable` when others than root could change it
 */
export function rootsOwn(machine: Machine, name = ''): string {
	const base =
		machine.platform === 'darwin' ? '/Library/Application Support/Sealport' : '/var/lib/sealport';
	const there = [posix.join(base, name), base, posix.dirname(base)].find(
		path => machine.entry(path) !== undefined,
	);
	if (there !== undefined && !machine.isGuarded(there)) {
		throw new UserError(
			'trust-store-unusable',
			`cannot use ${there}: others than root can change it, or a directory above it`,
			{hint: 'see who made it so; it and all above it have to be directories of root alone'},
		);
	}
	return base;
}
