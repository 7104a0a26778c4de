import {readFileSync} from 'node:fs';
import type {ExecutionContext} from 'ava';
import {type Run, runSealport} from './cli.js';
import type {Endpoint} from './endpoint.js';
import {laneFlags} from './lanes.js';
import {temporaryDirectory} from './temporary-directory.js';

/** A `sealport` process that serves. */
export interface Wrapped extends Endpoint {
	readonly run: Run;
	readonly pid: number;
	readonly url: string;
	readonly ca: string;
	readonly caFile: string;
}

/**
 * Runs the real command line in front of a backend, in a process and a home of its own, on a free
 * port, by the lane of the test.
 *
 * @param command a backend, or a command with its flags
 */
export async function wrap(
	t: ExecutionContext,
	command: number | string,
	...flags: readonly string[]
): Promise<Wrapped> {
	const home = temporaryDirectory(t);
	const args = [String(command), '--port', '0', '--json', ...laneFlags(t), ...flags];
	const run = runSealport(t, home, args);
	const {url, port, ca: caFile} = await run.listening();
	if (caFile === null || run.child.pid === undefined) {
		throw new Error('no CA, or no process');
	}
	return {run, pid: run.child.pid, url, port, caFile, ca: readFileSync(caFile, 'utf8')};
}
