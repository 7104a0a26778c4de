import {type ChildProcess, fork, type SpawnOptions, spawn} from 'node:child_process';
import {once} from 'node:events';
import {rmSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {endGroup} from './end-group.js';

/** Leaders of the process groups that have not been ended yet. */
const groups = new Set<number>();
/** To be removed in the end. */
const folders = new Set<string>();
/** Outlives a bench that is killed, and ends what it has left behind. */
let reaper: ChildProcess | undefined;

const tellReaper = (): void => {
	if (reaper === undefined) {
		reaper = fork(fileURLToPath(new URL('reaper.js', import.meta.url)), {
			detached: true,
			execArgv: [],
			stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
		});
		reaper.unref();
		reaper.channel?.unref();
	}
	reaper.send({groups: [...groups], folders: [...folders]});
};

/** Removes a folder when the bench ends, however it does. */
export function removeAtEnd(folder: string): void {
	folders.add(folder);
	tellReaper();
}

const own = (child: ChildProcess): ChildProcess => {
	const {pid} = child;
	if (pid !== undefined) {
		groups.add(pid);
		tellReaper();
	}
	return child;
};

/**
 * Starts a program in a process group of its own, so that its children end with it, and with the bench.
 *
 * @throws Error when it cannot be started
 */
export async function spawnOwn(
	program: string,
	args: readonly string[],
	options: SpawnOptions = {},
): Promise<ChildProcess> {
	const child = own(spawn(program, args, {...options, detached: true}));
	await once(child, 'spawn');
	return child;
}

/** Starts a module of the bench as a process with a channel to it, likewise. */
export function forkOwn(module: URL, args: readonly string[]): ChildProcess {
	return own(
		fork(fileURLToPath(module), args, {
			detached: true,
			execArgv: [],
			stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
		}),
	);
}

/** Ends a child and what it has started, and waits until it is gone. */
export async function end(child: ChildProcess): Promise<void> {
	const {pid} = child;
	if (pid === undefined) {
		return;
	}
	const gone =
		child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
	endGroup(pid);
	await gone;
	groups.delete(pid);
	tellReaper();
}

process.on('exit', () => {
	for (const leader of groups) {
		endGroup(leader);
	}
	for (const folder of folders) {
		rmSync(folder, {recursive: true, force: true});
	}
});
for (const [signal, code] of [
	['SIGINT', 130],
	['SIGTERM', 143],
	['SIGHUP', 129],
] as const) {
	process.on(signal, () => {
		process.exit(code);
	});
}
