import {type FSWatcher, realpathSync, statSync, watch} from 'node:fs';
import {dirname} from 'node:path';

/** Files that are looked after until it is closed. */
export interface FileWatch {
	/** Looks after these from now on. */
	update(files: readonly string[]): void;
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
 */
export function watchFiles(files: readonly string[], onChange: () => void): FileWatch {
	let watched = files;
	let known = stateOf(watched);
	let watchers = watchDirectories(watched, look);
	let timer: NodeJS.Timeout | undefined;
	const interval = setInterval(look, times.look).unref();

	function look(): void {
		const state = stateOf(watched);
		if (timer === undefined && state.text !== known.text) {
			settle(state);
		}
	}

	/** Waits until nothing changes any more. */
	function settle(state: State, since = Date.now()): void {
		timer = setTimeout(() => {
			const next = stateOf(watched);
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
			if (next.join('\0') !== watched.join('\0')) {
				watched = next;
				known = stateOf(watched);
			}
			// Anew each time: a directory may have been replaced, or a link may lead elsewhere now.
			closeAll(watchers);
			watchers = watchDirectories(watched, look);
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

function stateOf(files: readonly string[]): State {
	const states = files.map(file => {
		try {
			const {ino, size, mtimeNs} = statSync(file, {bigint: true});
			return `${ino} ${size} ${mtimeNs}`;
		} catch {
			return undefined;
		}
	});
	return {text: states.join(), isMissing: states.includes(undefined)};
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
