/** Waits until the bench is gone, however it ended, and clears away what it has left behind. */
import {rmSync} from 'node:fs';
import {endGroup} from './end-group.js';

interface Left {
	/** Leaders of process groups. */
	readonly groups: readonly number[];
	readonly folders: readonly string[];
}

let left: Left = {groups: [], folders: []};

process.on('message', (now: Left) => {
	left = now;
});
process.on('disconnect', () => {
	for (const leader of left.groups) {
		endGroup(leader);
	}
	for (const folder of left.folders) {
		rmSync(folder, {recursive: true, force: true});
	}
	process.exit();
});
