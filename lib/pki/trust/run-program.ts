import {execFile} from 'node:child_process';
import {userInfo} from 'node:os';
import {sudoer} from '../store/owner.js';

/** As whom something is done: `person` differs from `root` under sudo only. */
export type Actor = 'person' | 'root';

/** How a program ended. */
export interface Answer {
	/** Exit code; `null` when it could not be run or took too long. */
	readonly code: number | null;
	readonly stdout: string;
	readonly stderr: string;
}

/** Milliseconds between asking a program to end and ending it. */
const grace = 5_000;
const most = 16 * 1024 * 1024;

/**
 * Runs a program to its end, without a shell and with nothing on its standard input. Variables by which
 * a program could be made to load or run something else are not passed on.
 *
 * @param program absolute path
 * @param as as whom; under sudo the person is who called it
 * @param patience milliseconds until it is ended; never when left out
 */
export function runProgram(
	program: string,
	args: readonly string[],
	as: Actor = 'person',
	patience?: number,
): Promise<Answer> {
	const {PATH, SystemRoot, TEMP, TMP, USERPROFILE, LOCALAPPDATA} = process.env;
	const isWindows = process.platform === 'win32';
	const owner = as === 'person' ? sudoer() : undefined;
	const isRoot = as === 'root' && process.getuid?.() === 0;
	const HOME = owner?.home ?? (isRoot ? rootsHome() : process.env.HOME);
	return new Promise(resolve => {
		let end: NodeJS.Timeout | undefined;
		const child = execFile(
			program,
			[...args],
			{
				timeout: patience ?? 0,
				maxBuffer: most,
				windowsHide: true,
				// The tools call others by name.
				env: {
					PATH: isWindows ? PATH : '/usr/sbin:/usr/bin:/sbin:/bin',
					HOME,
					LC_ALL: 'C.UTF-8',
					...{SystemRoot, TEMP, TMP, USERPROFILE, LOCALAPPDATA},
				},
				...(isWindows ? {} : {cwd: '/'}),
				...(owner === undefined ? {} : {uid: owner.uid, gid: owner.gid}),
			},
			(error, stdout, stderr) => {
				clearTimeout(end);
				const isLate = patience !== undefined && child.killed;
				if (!isLate && (error === null || typeof error.code === 'number')) {
					resolve({code: error === null ? 0 : Number(error.code), stdout, stderr});
					return;
				}
				const late = `it took longer than ${(patience ?? 0) / 1000} seconds`;
				const why = isLate ? late : (error?.message ?? '');
				resolve({code: null, stdout, stderr: stderr === '' ? why : stderr});
			},
		);
		if (patience !== undefined) {
			end = setTimeout(() => child.kill('SIGKILL'), patience + grace);
		}
		child.stdin?.end();
	});
}

/** Not the caller's, which sudo may leave in HOME. */
function rootsHome(): string {
	try {
		return userInfo().homedir;
	} catch {
		// A container may have no accounts at all.
		return '/';
	}
}
