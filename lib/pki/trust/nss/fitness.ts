import {shellWord} from '../../../shell-word.js';
import {foreignOwner} from '../foreign-owner.js';
import type {Machine} from '../machine.js';
import type {Place} from '../place.js';
import {type Database, filesOf} from './database.js';

/**
 * Why a database must not be touched, as far as its files tell: a symbolic link in the place of one, or
 * of the directory; another owner; others who may write to it.
 */
export function obstacleOf(machine: Machine, database: Database): Place['obstacle'] {
	for (const path of [database.directory, ...filesOf(database)]) {
		const found = machine.entry(path);
		if (found === undefined) {
			continue;
		}
		const kind = path === database.directory ? 'directory' : 'file';
		if (found.kind === 'link') {
			return {
				reason: `${path} is a symbolic link`,
				hint: 'put the file or directory itself there',
			};
		}
		if (found.kind !== kind) {
			return {reason: `${path} is not a ${kind}`, hint: 'move it out of the way'};
		}
		const foreign = foreignOwner(machine, path, found);
		if (foreign !== undefined) {
			return foreign;
		}
		if ((found.mode & 0o022) !== 0) {
			return {
				reason: `others can write to ${path} (mode 0${found.mode.toString(8)})`,
				hint: `chmod go-w ${shellWord(path)}`,
			};
		}
	}
	return undefined;
}
