import {execFile} from 'node:child_process';

/**
 * Runs a program without a shell and gives all that it wrote to its standard output. One that was stopped,
 * or wrote too much, may have left out a process that has a socket open: then there is no answer.
 *
 * @param file absolute path
 * @param timeout milliseconds after which it is killed
 * @returns `undefined` when it cannot be run, writes nothing, or did not end by itself
 */
export function wholeOutput(
	file: string,
	args: readonly string[],
	timeout: number,
): Promise<string | undefined> {
	return new Promise(resolve => {
		execFile(
			file,
			args,
			{timeout, windowsHide: true, maxBuffer: 64 * 2 ** 20, killSignal: 'SIGKILL'},
			(error, stdout) => {
				// lsof ends with 1 when only part of what it was asked for is there.
				const isWhole = error === null || (typeof error.code === 'number' && !error.killed);
				resolve(isWhole && stdout.trim() !== '' ? stdout : undefined);
			},
		);
	});
}
