import {existsSync} from 'node:fs';
import {packageFile} from '../../../lib/package-file.js';
import {run} from '../run.js';
import type {Stage} from './stage.js';
import {type Account, moduleCount, size} from './work.js';

/** Debian's Python, which has Debian's packages. */
export const python = '/usr/bin/python3';

/** Why a package of Debian's Python is not there, or `false`. */
export function lackingPython(name: string): string | false {
	return !existsSync(`/usr/lib/python3/dist-packages/${name}`) && `${name} not installed`;
}

/** Where a source in this directory lies. */
export function sourceOf(name: string): string {
	return packageFile(`spec/helpers/http2-clients/${name}`);
}

/**
 * Runs a program that does all the work and prints its account.
 *
 * @throws when it fails, with what it said
 */
export async function accountOf(
	program: string,
	args: readonly string[],
	{tunnel}: Stage,
): Promise<Partial<Account>> {
	const work = [tunnel.url, tunnel.caFile, String(size), String(moduleCount)];
	const {code, stdout, stderr} = await run(program, [...args, ...work]);
	if (code !== 0) {
		throw new Error(`${program} ended with ${code}: ${stderr}${stdout}`);
	}
	return JSON.parse(stdout) as Partial<Account>;
}
