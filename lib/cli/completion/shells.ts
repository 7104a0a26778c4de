import {basename} from 'node:path';

/** The shells that Tab completes in. */
export const completionShells = ['bash', 'zsh', 'fish', 'powershell'] as const;

/** One of them. */
export type CompletionShell = (typeof completionShells)[number];

/** The shell that a person most likely uses: PowerShell on Windows, else by `$SHELL`, else bash. */
export function likelyShell(
	env: Readonly<Record<string, string | undefined>> = process.env,
	platform: NodeJS.Platform = process.platform,
): CompletionShell {
	const name = basename(env.SHELL ?? '').replace(/^pwsh.*$/, 'powershell');
	const found = completionShells.find(shell => shell === name);
	return found ?? (platform === 'win32' ? 'powershell' : 'bash');
}
