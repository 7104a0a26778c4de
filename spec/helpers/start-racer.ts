import {spawn} from 'node:child_process';
import {chmodSync, copyFileSync} from 'node:fs';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {racer} from './races.js';
import {pythonFile, pythonHome, realPath} from './reception.js';

/** Two programs of each kind, which differ in nothing but their paths. */
export interface Programs {
	/** Those that are let in. */
	readonly good: {readonly python: string; readonly perl: string};
	readonly bad: {readonly python: string; readonly perl: string};
}

/** @param directory for the copies */
export function copyPrograms(directory: string): Programs {
	const copy = (from: string, name: string) => {
		const path = join(directory, name);
		copyFileSync(from, path);
		chmodSync(path, 0o755);
		return path;
	};
	return {
		good: {python: copy(pythonFile(), 'python'), perl: realPath('perl')},
		bad: {python: pythonFile(), perl: copy(realPath('perl'), 'perl')},
	};
}

/** A program that races, and waits to begin. */
export interface Racer {
	/** What it has printed. */
	readonly said: string;
	/** Resolves when all its races are run. */
	begin(): Promise<void>;
}

/**
 * Starts the program of `races.ts`, as one that is let in (`A`) or as one that is not (`F`). Two have to be there
 * before one of them begins, since they hand over to each other.
 *
 * @param directory where they meet
 */
export async function startRacer(
	t: ExecutionContext,
	letter: 'A' | 'F',
	{good, bad}: Programs,
	directory: string,
	{port, races, env = {}}: {port: number; races: number; env?: NodeJS.ProcessEnv},
): Promise<Racer> {
	const args = [
		...['-c', racer, letter, String(port)],
		...[join(directory, letter), join(directory, letter === 'A' ? 'F' : 'A')],
		...[good.perl, bad.perl, String(races)],
	];
	const child = spawn(letter === 'A' ? good.python : bad.python, args, {
		detached: true,
		stdio: ['pipe', 'pipe', 'inherit'],
		env: {PYTHONHOME: pythonHome(), ...env},
	});
	t.teardown(() => {
		try {
			process.kill(-(child.pid ?? 0), 'SIGKILL');
		} catch {
			// All of them have ended.
		}
	});
	let said = '';
	const says = (text: string) =>
		new Promise<void>((resolve, reject) => {
			const look = () => said.includes(text) && resolve();
			child.stdout.on('data', look);
			child.once('close', code => reject(new Error(`ended with ${code} before it said ${text}`)));
			look();
		});
	child.stdout.on('data', data => {
		said += data;
	});
	await says('listening');
	return {
		get said() {
			return said;
		},
		begin() {
			child.stdin.write('\n');
			return says('done');
		},
	};
}
