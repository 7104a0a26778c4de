/** Ends a process group at once; one that is gone already is no fault. */
export function endGroup(leader: number): void {
	try {
		process.kill(-leader, 'SIGKILL');
	} catch {
		// Gone.
	}
}
