import {shellWord} from '../../shell-word.js';
import type {Entry, Machine} from './machine.js';

/**
 * Why a file or directory of the person's must not be touched when it belongs to somebody else.
 *
 * @returns `undefined` when it does not
 */
export function foreignOwner(
	{uid}: Machine,
	path: string,
	found: Entry,
): {readonly reason: string; readonly hint: string} | undefined {
	if (uid === undefined || found.uid === uid) {
		return undefined;
	}
	return {
		reason: `${path} belongs to another user (uid ${found.uid})`,
		hint:
			uid === 0
				? 'run this as that user, who may call it through sudo'
				: `sudo chown ${uid} ${shellWord(path)}`,
	};
}
