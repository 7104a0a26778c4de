import {spawn} from 'node:child_process';
import {packageFile} from '../../package-file.js';
import type {ProcessRow} from './table.js';

/** The process that ends the tree when this one is gone. */
export interface Watch {
	/** Passes on who belongs to the tree, for what it could not find by itself. */
	tell(rows: readonly Pick<ProcessRow, 'pid' | 'started'>[]): void;
}

/**
 * Starts the process that ends a tree when this one has ended, be it by SIGKILL. It is in a session of its
 * own, so that no terminal ends it, and it ends by itself.
 *
 * @param marker what the environment of every process of the tree contains
 */
export function watchTree(marker: string): Watch {
	const {PATH, SystemRoot} = process.env;
	const file = packageFile('dist/lib/run/tree/watcher.js');
	const watcher = spawn(process.execPath, ['--max-semi-space-size=1', file, marker], {
		detached: true,
		windowsHide: true,
		cwd: packageFile('.'),
		stdio: ['pipe', 'ignore', 'ignore'],
		// Not NODE_OPTIONS and the like, which are for the dev server.
		env: {PATH, SystemRoot},
	});
	const told = new Set<string>();
	watcher.on('error', () => {
		// Without it, a Sealport that is killed leaves its tree behind; all else goes on.
	});
	watcher.stdin.on('error', () => {
		/* the same */
	});
	watcher.unref();
	if ('unref' in watcher.stdin && typeof watcher.stdin.unref === 'function') {
		watcher.stdin.unref();
	}
	return {
		tell(rows) {
			for (const {pid, started} of rows) {
				const line = `${pid} ${started}\n`;
				if (!told.has(line)) {
					told.add(line);
					watcher.stdin.write(line);
				}
			}
		},
	};
}
