import {type FSWatcher, realpathSync, watch} from 'node:fs';
import {dirname} from 'node:path';
import {type FileState, missing, stateOf} from './files-read.js';

/** Files that are looked after until it is closed. */
export interface FileWatch {
	/** Looks after these from now on, each with the state in which it is known. */
	update(files: ReadonlyMap<string, FileState>): void;
	close(): void;
}

/** Milliseconds. */
const times = {
	/** Editors write in several steps. */
	settle: 100,
	/** Some take a file away before they put the new one there. */
	missing: 1000,
	/** For what the system does not tell: file systems of other machines, too many watches. */
	look: 2000,
};

/**
 * Calls back when any of the files has changed, has come or has gone: by the directories that they lie in,
 * since editors put new files in the place of old ones, and by a look at them every two seconds. A running
 * watch does not keep the process alive.
 *
 * @param files each with the state in which it was read: a change since then counts
 */
export function watchFiles(files: ReadonlyMap<string, FileState>, onChange: () => void): FileWatch {
	let watched = [...files.keys()];
	let known = stateOfAll([...files.values()]);
	let watchers = watchDirectories(watched, look);
	let timer: NodeJS.Timeout | undefined;
	const interval = setInterval(look, times.look).unref();
	look();

	function now(): State {
		return stateOfAll(watched.map(stateOf));
	}

	function look(): void {
		const state = now();
		if (timer === undefined && state.text !== known.text) {
			settle(state);
		}
	}

	/** Waits until nothing changes any more. */
	function settle(state: State, since = Date.now()): void {
		timer = setTimeout(() => {
			const next = now();
			const waits = next.isMissing && !known.isMissing && Date.now() - since < times.missing;
			if (next.text !== state.text || waits) {
				settle(next, since);
				return;
			}
			timer = undefined;
			if (next.text !== known.text) {
				known = next;
				onChange();
			}
		}, times.settle).unref();
	}

	return {
		update(next) {
			watched = [...next.keys()];
			known = stateOfAll([...next.values()]);
			// Anew each time: a directory may have been replaced, or a link may lead elsewhere now.
			closeAll(watchers);
			watchers = watchDirectories(watched, look);
			look();
		},
		close() {
			clearTimeout(timer);
			clearInterval(interval);
			closeAll(watchers);
		},
	};
}

interface State {
	readonly text: string;
	readonly isMissing: boolean;
}

function stateOfAll(states: readonly FileState[]): State {
	return {text: states.join(), isMissing: states.includes(missing)};
}

function watchDirectories(files: readonly string[], onEvent: () => void): readonly FSWatcher[] {
	const directories = new Set(files.flatMap(file => [dirname(file), dirname(realPath(file))]));
	return [...directories].flatMap(directory => {
		try {
			const watcher = watch(directory, {persistent: false}, onEvent);
			// The look at the files goes on without it.
			return [watcher.on('error', () => watcher.close())];
		} catch {
			return [];
		}
	});
}

function realPath(file: string): string {
	try {
		return realpathSync(file);
	} catch {
		return file;
	}
}

function closeAll(watchers: readonly FSWatcher[]): void {
	for (const watcher of watchers) {
		watcher.close();
	}
}
