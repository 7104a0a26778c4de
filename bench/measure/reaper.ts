/** Waits until the bench is gone, however it ended, and ends the process groups that it had started. */
let groups: readonly number[] = [];

process.on('message', (now: readonly number[]) => {
	groups = now;
});
process.on('disconnect', () => {
	for (const leader of groups) {
		try {
			process.kill(-leader, 'SIGKILL');
		} catch {
			// Gone.
		}
	}
	process.exit();
});
