import {readdirSync, readFileSync} from 'node:fs';
import test, {type Implementation} from 'ava';
import {unless} from './programs.js';

/** Declares a test that looks into a process through `/proc`, which only Linux has. */
export const onLinux = unless(process.platform !== 'linux' && 'needs /proc', false);

/** How many file descriptors a process has open. */
export function descriptors(pid: number | undefined): number {
	return readdirSync(`/proc/${pid}/fd`).length;
}

/** Resident memory of a process, in bytes. */
export function residentMemory(pid: number | undefined): number {
	const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
	return Number(kibibytes) * 1024;
}

/** Whether a process is there, be it as a zombie. */
export function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}

/** Whether a process runs, which a zombie does not. Linux only. */
export function isAlive(pid: number): boolean {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
		return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
	} catch {
		return false;
	}
}

/** `onLinux` for what starts many processes: one test of a file after the other. */
export const onLinuxInTurn =
	process.platform === 'linux'
		? (title: string, implementation: Implementation<[]>) => test.serial(title, implementation)
		: onLinux;
