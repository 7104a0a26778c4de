import {chmodSync, mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {openAuthority} from '../../lib/pki/store/open-authority.js';
import {runSealport} from './cli.js';
import {freePort} from './free-port.js';
import {temporaryDirectory} from './temporary-directory.js';

/** A line of `sealport doctor --json`. */
export interface FindingEvent {
	readonly event: 'check' | 'doctor';
	readonly name: string;
	readonly ok: boolean;
	readonly verdict: 'ok' | 'failed' | 'note';
	readonly detail: string;
	readonly hint?: string;
}

/** What `sealport doctor --json` said: its findings, and the line at the end. */
export function findingsOf(stdout: string) {
	const lines = stdout.split('\n').filter(line => line !== '');
	const events = lines.map(line => JSON.parse(line) as FindingEvent);
	return {
		all: events.filter(({event}) => event === 'check'),
		end: events.at(-1),
		of: (name: string) => events.filter(event => event.event === 'check' && event.name === name),
	};
}

/** A home with a store, and a directory for programs: the only ones that PATH leads to. */
export async function patient(t: ExecutionContext) {
	const home = temporaryDirectory(t);
	const directory = join(home, '.local', 'share', 'sealport');
	const programs = join(home, 'programs');
	mkdirSync(programs);
	await openAuthority(directory);
	return {
		home,
		directory,
		/** Puts a shell script where PATH finds it. */
		script(name: string, text: string): void {
			const file = join(programs, name);
			writeFileSync(file, `#!/bin/sh\n${text}\n`);
			chmodSync(file, 0o755);
		},
		/** Starts `sealport doctor` on a port that is free, unless the arguments name one. */
		async start(args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) {
			const port = args.includes('--port') ? [] : ['--port', String(await freePort())];
			return runSealport(t, home, ['doctor', ...port, ...args], {
				PATH: programs,
				TMPDIR: home,
				...env,
			});
		},
		/** Runs it to its end. */
		async examine(args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) {
			const run = await this.start(['--json', ...args], env);
			const code = await run.ended;
			return {code, stderr: run.stderr, ...findingsOf(run.stdout)};
		},
	};
}
