import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import type {ExecutionContext} from 'ava';
import {lastingAddress} from '../free-port.js';
import {temporaryDirectory} from '../temporary-directory.js';

const program = fileURLToPath(new URL('program.js', import.meta.url));

const isFull = process.env.SEALPORT_SPEC_FULL !== undefined;

/** A fifth of the fifty kills that are promised, so that it is over soon; SEALPORT_SPEC_FULL asks for all. */
export const kills = isFull ? 50 : 10;

/** Seconds to hold a request: the five that are promised with the whole; a busy machine may start Node slowly. */
export const wait = isFull ? 5 : 30;

/** A backend in a process of its own, which can be killed and started again at the same address. */
export interface Mortal {
	/** As a backend on the command line. */
	readonly route: string;
	/** What it has written down: a line for each request, before that was answered. */
	readonly seen: () => readonly string[];
	start(): Promise<void>;
	/** Ends it with SIGKILL, whatever it is about. */
	kill(): Promise<void>;
	/** Kills and starts it, again and again. @param between called while it is up, after each start */
	ride(between?: () => unknown): Promise<void>;
}

/** Starts it. Linux only. */
export async function startMortal(t: ExecutionContext, kind: 'http' | 'h2c'): Promise<Mortal> {
	const {host, port} = lastingAddress();
	const log = join(temporaryDirectory(t), 'log');
	writeFileSync(log, '');
	let child: ChildProcess | undefined;
	const start = async () => {
		child = spawn(process.execPath, [program, kind, host, String(port), log], {
			stdio: ['ignore', 'pipe', 'inherit'],
		});
		const ended = once(child, 'exit').then(() => {
			throw new Error('the backend ended before it listened');
		});
		await Promise.race([once(child.stdout ?? process, 'data'), ended]);
		ended.catch(() => undefined);
	};
	const kill = async () => {
		if (child !== undefined && child.exitCode === null && child.signalCode === null) {
			const gone = once(child, 'exit');
			child.kill('SIGKILL');
			await gone;
		}
	};
	await start();
	t.teardown(kill);
	return {
		route: `${kind === 'h2c' ? 'h2c' : 'http'}://${host}:${port}`,
		seen: () => readFileSync(log, 'utf8').split('\n').slice(0, -1),
		start,
		kill,
		async ride(between) {
			for (let round = 0; round < kills; round++) {
				await pause(150 + Math.random() * 100);
				await kill();
				await pause(Math.random() * 200);
				await start();
				await between?.();
			}
		},
	};
}
