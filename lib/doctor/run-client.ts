import {spawn} from 'node:child_process';
import {systemCode} from '../errors.js';
import type {Owner} from '../pki/store/owner.js';

/** What to run. */
export interface ClientRun {
	readonly program: string;
	readonly args: readonly string[];
	readonly env: Readonly<Record<string, string | undefined>>;
	/** What it is told on its standard input. */
	readonly input: string;
	/** The text that it prints when it has been let in; it is ended then. */
	readonly proof: string;
	/** Milliseconds until it is ended. */
	readonly patience: number;
	/** Ends it at once. */
	readonly signal: AbortSignal;
	/** As whom; this process's user when left out. */
	readonly owner?: Owner | undefined;
	/** This process's own when left out. */
	readonly cwd?: string | undefined;
}

/** How it went: it was let in, is not there, took too long, or ended with these words. */
export type ClientEnd =
	| {readonly kind: 'accepted' | 'absent' | 'late'}
	| {readonly kind: 'refused'; readonly said: string};

const most = 65_536;

/** Runs a client, and whatever it starts, until the proof is there or all hope is lost. Never throws. */
export function runClient(run: ClientRun): Promise<ClientEnd> {
	const {program, args, env, input, proof, patience, signal, owner, cwd} = run;
	return new Promise(resolve => {
		const child = spawn(program, [...args], {
			env,
			cwd,
			// A group of its own: `go run` and shims of version managers start further programs.
			detached: process.platform !== 'win32',
			windowsHide: true,
			...(owner === undefined ? {} : {uid: owner.uid, gid: owner.gid}),
		});
		let stdout = '';
		let stderr = '';
		let end: ClientEnd | undefined;
		const finish = (found: ClientEnd) => {
			end ??= found;
			clearTimeout(timer);
			signal.removeEventListener('abort', abort);
			killGroup(child.pid);
			// Whoever has left the group may hold the other ends for ever.
			child.stdout.destroy();
			child.stderr.destroy();
			resolve(end);
		};
		const abort = () => finish({kind: 'late'});
		const timer = setTimeout(abort, patience);
		signal.addEventListener('abort', abort);
		child.stdout.on('data', chunk => {
			stdout = (stdout + chunk).slice(-most);
			if (stdout.includes(proof)) {
				finish({kind: 'accepted'});
			}
		});
		child.stderr.on('data', chunk => {
			stderr = (stderr + chunk).slice(-most);
		});
		child.stdin.on('error', () => {
			// It has ended before it read that.
		});
		child.stdin.end(input);
		child.once('error', error =>
			finish(
				systemCode(error) === 'ENOENT' && child.pid === undefined
					? {kind: 'absent'}
					: {kind: 'refused', said: error.message},
			),
		);
		child.once('close', () => finish({kind: 'refused', said: `${stderr}\n${stdout}`}));
	});
}

function killGroup(pid: number | undefined): void {
	if (pid === undefined) {
		return;
	}
	try {
		process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
	} catch {
		// All of it has ended.
	}
}
