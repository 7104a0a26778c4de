import {type ChildProcess, spawn} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import type {Owner} from './owner.js';

/** The command line's script. */
export const sealportProgram = fileURLToPath(new URL('../../bin/sealport.cjs', import.meta.url));

/** A running `sealport`. */
export interface Run {
	readonly child: ChildProcess;
	readonly stdout: string;
	readonly stderr: string;
	/** Resolves with the exit code, or the signal's name, once all output is there. */
	readonly ended: Promise<number | string>;
	/**
	 * Resolves when the output on stdout or stderr contains the text; rejects, with all the output, when
	 * the program ends before, or has not said it within four minutes, which only a fault reaches.
	 */
	says(text: string | RegExp): Promise<void>;
	/** Resolves with the first line of `--json`. */
	listening(): Promise<ListeningEvent>;
}

/** The first line of `--json`. */
export interface ListeningEvent {
	readonly event: 'listening';
	readonly url: string;
	readonly addresses: readonly string[];
	readonly port: number;
	readonly routes: ReadonlyArray<{readonly match: string; readonly backend: string}>;
	readonly ca: string | null;
}

/**
 * Runs the command line with an environment of its own, and ends it when the spec ends.
 *
 * @param home where the certificate store and everything else personal would go
 */
export function runSealport(
	t: Owner,
	home: string,
	args: readonly string[],
	env: NodeJS.ProcessEnv = {},
): Run {
	return spawnProgram(t, home, process.execPath, [sealportProgram, ...args], env);
}

/**
 * Runs any program as `runSealport` runs `sealport`.
 *
 * @param home its home and working directory
 * @param group for a program that starts others: ends them, too
 */
export function spawnProgram(
	t: Owner,
	home: string,
	file: string,
	args: readonly string[],
	env: NodeJS.ProcessEnv = {},
	group = false,
): Run {
	const {PATH} = process.env;
	const child = spawn(file, args, {
		detached: group,
		stdio: ['ignore', 'pipe', 'pipe'],
		cwd: home,
		env: {PATH, HOME: home, USERPROFILE: home, LOCALAPPDATA: home, ...env},
	});
	let stdout = '';
	let stderr = '';
	let code: number | string | undefined;
	const watchers = new Set<() => void>();
	const notice = () => {
		for (const watcher of watchers) {
			watcher();
		}
	};
	child.stdout.on('data', chunk => {
		stdout += chunk;
		notice();
	});
	child.stderr.on('data', chunk => {
		stderr += chunk;
		notice();
	});
	const ended = new Promise<number | string>(resolve => {
		child.once('close', (status, signal) => {
			code = status ?? signal ?? 'unknown';
			resolve(code);
			notice();
		});
	});
	t.teardown(async () => {
		if (group && child.pid !== undefined && code === undefined) {
			process.kill(-child.pid, 'SIGKILL');
		} else {
			child.kill('SIGKILL');
		}
		await ended;
	});
	const says = (text: string | RegExp) =>
		new Promise<void>((resolve, reject) => {
			const all = () => `${stdout}\n${stderr}`;
			const settle = (error?: Error) => {
				clearTimeout(limit);
				watchers.delete(watcher);
				error === undefined ? resolve() : reject(error);
			};
			const watcher = () => {
				if (typeof text === 'string' ? all().includes(text) : text.test(all())) {
					settle();
				} else if (code !== undefined) {
					settle(new Error(`ended with ${code} before it said ${text}:\n${all()}`));
				}
			};
			const limit = setTimeout(() => {
				settle(new Error(`not said within 4 minutes: ${text}, but:\n${all()}`));
			}, 240_000);
			limit.unref();
			watchers.add(watcher);
			watcher();
		});
	return {
		child,
		ended,
		says,
		get stdout() {
			return stdout;
		},
		get stderr() {
			return stderr;
		},
		async listening() {
			await says(/"event":"listening".*\n/);
			return JSON.parse(stdout.split('\n')[0] ?? '') as ListeningEvent;
		},
	};
}
