import {execFileSync} from 'node:child_process';

/**
 * Remembers the modes of the terminal on standard input. A dev server that reads single keys changes them,
 * and when it is killed it cannot put them back: the shell behind it would not show what is typed.
 *
 * @returns puts them back
 */
export function rememberModes(): () => void {
	if (!process.stdin.isTTY || process.platform === 'win32') {
		return () => undefined;
	}
	const modes = stty(['-g']);
	return () => {
		if (modes !== undefined && modes !== stty(['-g'])) {
			stty([modes]);
		}
	};
}

function stty(args: readonly string[]): string | undefined {
	try {
		return execFileSync('stty', args, {
			stdio: ['inherit', 'pipe', 'ignore'],
			encoding: 'utf8',
			timeout: 2000,
		}).trim();
	} catch {
		return undefined;
	}
}
