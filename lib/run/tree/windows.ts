import {win32} from 'node:path';
import {output} from '../../listener/holder/command.js';
import type {ProcessRow, ProcessTable} from './table.js';

const patience = 10_000;

const script =
	'Get-CimInstance Win32_Process -Property ProcessId,ParentProcessId,CreationDate | ' +
	'Where-Object CreationDate | ' +
	"ForEach-Object { '{0} {1} {2}' -f $_.ProcessId, $_.ParentProcessId, $_.CreationDate.ToFileTimeUtc() }";

/**
 * Reads a line for each process: its pid, its parent's, and when it was created. The parent may be gone and
 * its pid have been given away: one that is younger than its child is not its parent.
 */
export function parseProcesses(text: string): ProcessRow[] {
	const lines = Array.from(text.matchAll(/^\s*(\d+) (\d+) (\d+)\s*$/gm));
	const created = new Map(lines.map(([, pid, , time]) => [Number(pid), BigInt(time ?? 0)]));
	return lines.map(([, pid, parent, time = '']) => {
		const older = created.get(Number(parent));
		const isParent = older !== undefined && older <= BigInt(time);
		return {
			pid: Number(pid),
			parent: isParent ? Number(parent) : 0,
			group: 0,
			session: 0,
			started: time,
			marked: false,
		};
	});
}

/**
 * By PowerShell, which may need two seconds, and `taskkill`. Windows has no polite signal for a program
 * without windows: there is only the end.
 *
 * @param run runs a program and gives what it has written
 */
export function windowsTable(run = output, env = process.env): ProcessTable {
	const system = win32.join(env.SystemRoot ?? 'C:\\Windows', 'System32');
	const powershell = win32.join(system, 'WindowsPowerShell', 'v1.0', 'powershell.exe');
	const rows = async () =>
		parseProcesses(
			(await run(
				powershell,
				['-NoProfile', '-NonInteractive', '-NoLogo', '-Command', script],
				patience,
			)) ?? '',
		);
	return {
		rows,
		async signal(wanted, signal) {
			if (signal !== 'SIGKILL' || wanted.length === 0) {
				return;
			}
			const now = new Map((await rows()).map(({pid, started}) => [pid, started]));
			const same = wanted.filter(({pid, started}) => now.get(pid) === started);
			if (same.length > 0) {
				const pids = same.flatMap(({pid}) => ['/PID', String(pid)]);
				await run(win32.join(system, 'taskkill.exe'), ['/T', '/F', ...pids], patience);
			}
		},
	};
}
