import {execFile} from 'node:child_process';
import type {Owner} from '../store/owner.js';

/** How a program ended. */
export interface Answer {
	/** Exit code; `null` when it could not be run or took too long. */
	readonly code: number | null;
	readonly stdout: string;
	readonly stderr: string;
}

/** Milliseconds: some programs wait for a person's password or answer. */
const patience = 120_000;
const most = 16 * 1024 * 1024;

/**
 * Runs a program to its end, without a shell and with nothing on its standard input. Variables by which
 * a program could be made to load or run something else are not passed on.
 *
 * @param program absolute path
 * @param owner as whom to run it; this process's user when left out
 */
export function runProgram(
	program: string,
	args: readonly string[],
	owner?: Owner | undefined,
): Promise<Answer> {
	const {HOME, PATH, SystemRoot, TEMP, TMP, USERPROFILE, LOCALAPPDATA} = process.env;
	return new Promise(resolve => {
		const child = execFile(
			program,
			[...args],
			{
				timeout: patience,
				killSignal: 'SIGKILL',
				maxBuffer: most,
				windowsHide: true,
				// The tools call others by name.
				env: {
					PATH: process.platform === 'win32' ? PATH : '/usr/sbin:/usr/bin:/sbin:/bin',
					HOME: owner?.home ?? HOME,
					LC_ALL: 'C.UTF-8',
					...{SystemRoot, TEMP, TMP, USERPROFILE, LOCALAPPDATA},
				},
				...(owner === undefined ? {} : {uid: owner.uid, gid: owner.gid, cwd: '/'}),
			},
			(error, stdout, stderr) => {
				if (error === null || typeof error.code === 'number') {
					resolve({code: error === null ? 0 : Number(error.code), stdout, stderr});
					return;
				}
				const late = `it took longer than ${patience / 1000} seconds`;
				const why = error.killed === true ? late : error.message;
				resolve({code: null, stdout, stderr: stderr === '' ? why : stderr});
			},
		);
		child.stdin?.end();
	});
}
