import type {Peer} from '../../forward/seams.js';
import {readSockets, systemProgram} from '../../listener/holder/windows.js';
import {parseProcesses} from '../../run/tree/windows.js';
import type {PeerSearch} from './find-peers.js';
import {lineageOf, lookInRounds, type Survey} from './rounds.js';
import {wholeOutput} from './whole-output.js';

/**
 * Finds peers on Windows by `netstat` and PowerShell, which may need two seconds. Whose process it is and
 * which program is told of one's own processes only, unless Sealport runs as an administrator. A socket that
 * several processes have open is shown as that of the one which made it.
 *
 * @param ask runs a program and gives what it has written
 */
export function openWindowsFinder(ask = wholeOutput): PeerSearch {
	return lookInRounds(windowsSurvey(ask));
}

const patience = 8000;

function windowsSurvey(ask: typeof wholeOutput): Survey {
	return {
		async sockets() {
			const sockets = await readSockets(patience, ask);
			if (sockets.length === 0) {
				throw new Error('netstat shows no sockets');
			}
			return sockets;
		},
		async processes(pids) {
			const powershell = systemProgram('WindowsPowerShell', 'v1.0', 'powershell.exe');
			const args = ['-NoProfile', '-NonInteractive', '-NoLogo', '-Command', scriptFor(pids)];
			const text = await ask(powershell, args, patience);
			if (text === undefined) {
				throw new Error('PowerShell shows no processes');
			}
			const table = new Map(parseProcesses(text).map(row => [row.pid, row]));
			return new Map(
				parseDetails(text).flatMap(({pid, user, executable}) => {
					const whereabouts = {uid: undefined, netns: undefined, container: undefined};
					const peer: Peer = {pid, user, executable, ...whereabouts, ...lineageOf(pid, table)};
					return pids.includes(pid) && table.has(pid) ? [[pid, peer] as const] : [];
				}),
			);
		},
	};
}

/** Writes `pid parent created` for every process, and `pid|domain\user|path` for those that are asked for. */
function scriptFor(pids: readonly number[]): string {
	return (
		'[Console]::OutputEncoding = [Text.Encoding]::UTF8; ' +
		`$wanted = @(${pids.join(',')}); ` +
		'Get-CimInstance Win32_Process | Where-Object CreationDate | ForEach-Object { ' +
		"'{0} {1} {2}' -f $_.ProcessId, $_.ParentProcessId, $_.CreationDate.ToFileTimeUtc(); " +
		'if ($wanted -contains $_.ProcessId) { ' +
		'$owner = Invoke-CimMethod -InputObject $_ -MethodName GetOwner -ErrorAction SilentlyContinue; ' +
		"$user = if ($owner.User) { $owner.Domain + '\\' + $owner.User } else { '' }; " +
		"'{0}|{1}|{2}' -f $_.ProcessId, $user, $_.ExecutablePath } }"
	);
}

/** Reads the lines about the processes that were asked for; paths of Windows have no `|` in them. */
export function parseDetails(
	text: string,
): Array<{readonly pid: number; readonly user: string; readonly executable: string | undefined}> {
	const rows = Array.from(text.matchAll(/^(\d+)\|([^|\r\n]*)\|([^|\r\n]*?)\r?$/gm));
	return rows.map(([, pid, user = '', path = '']) => ({
		pid: Number(pid),
		user,
		executable: path === '' ? undefined : path,
	}));
}
