import {systemProgram} from '../../../listener/holder/windows.js';
import {parseStat} from '../../../run/tree/linux.js';
import type {System} from '../system.js';
import type {PeerCondition, Reading} from './condition.js';

/** Which process it is to be, or to descend from. */
export interface PidCondition extends PeerCondition {
	readonly pid: number;
	/** When it started, as `Peer.started` has it. */
	readonly started: string;
}

/**
 * Reads `pid=`: a process that runs now. It is known by its start as well, so that another one that gets
 * its number later is not taken for it.
 */
export function parsePid(text: string, {system, refuse}: Reading): PidCondition {
	if (!/^[1-9]\d{0,9}$/.test(text)) {
		return refuse(`expected the number of a process, got ${JSON.stringify(text)}`);
	}
	const pid = Number(text);
	const started = startOf(pid, system);
	if (started === undefined) {
		return refuse(`there is no process ${pid}`);
	}
	return {
		text,
		pid,
		started,
		holds(peer) {
			const index = peer.lineage.indexOf(pid);
			if (index < 0) {
				// Every process has itself in its lineage, where that is known.
				return peer.lineage.length === 0 ? undefined : false;
			}
			const its = peer.started?.[index];
			return its === undefined ? undefined : its === started;
		},
	};
}

function startOf(pid: number, system: System): string | undefined {
	if (system.platform === 'linux') {
		const stat = system.read(`/proc/${pid}/stat`);
		return stat === '' ? undefined : parseStat(stat)?.started;
	}
	if (system.platform === 'win32') {
		const script = `(Get-CimInstance Win32_Process -Filter 'ProcessId = ${pid}').CreationDate.ToFileTimeUtc()`;
		const powershell = systemProgram('WindowsPowerShell', 'v1.0', 'powershell.exe');
		const time = system
			.run(powershell, ['-NoProfile', '-NonInteractive', '-NoLogo', '-Command', script])
			.trim();
		return /^\d+$/.test(time) ? time : undefined;
	}
	const time = system.run('/bin/ps', ['-o', 'lstart=', '-p', String(pid)]).trim();
	return time === '' ? undefined : time;
}
