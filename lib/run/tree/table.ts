/** One process of this machine that has not ended. */
export interface ProcessRow {
	readonly pid: number;
	/** Of the process that started it, as long as that lives. */
	readonly parent: number;
	/** Process group and session (POSIX.1-2017, sections 3.296 and 3.343); 0 where there is no such thing. */
	readonly group: number;
	readonly session: number;
	/** When it started, as the system has it: with the pid, which is given away again, it is one process. */
	readonly started: string;
	/** Whether it has the marker of the tree in its environment. */
	readonly marked: boolean;
}

/** The processes of this machine, as one system shows them. */
export interface ProcessTable {
	rows(): Promise<readonly ProcessRow[]>;
	/** Whether a program that was started from the tree is the person's own, such as a browser. */
	isApart?(row: ProcessRow): boolean;
	/** Sends a signal to those that still are who they were. */
	signal(rows: readonly ProcessRow[], signal: NodeJS.Signals): Promise<void>;
}

/**
 * The table of this system.
 *
 * @param marker what the environment of every process of the tree contains
 * @param own pid of the Sealport whose tree it is
 */
export async function openTable(
	marker: string,
	own = process.pid,
	platform: NodeJS.Platform = process.platform,
): Promise<ProcessTable> {
	if (platform === 'linux') {
		return (await import('./linux.js')).linuxTable(marker, own);
	}
	if (platform === 'win32') {
		return (await import('./windows.js')).windowsTable();
	}
	return (await import('./macos.js')).macosTable(marker);
}
