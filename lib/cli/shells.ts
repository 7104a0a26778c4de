import {basename} from 'node:path';
import {shellWord} from '../shell-word.js';

/** The shells whose language variables can be written in. */
export const shells = ['sh', 'fish', 'powershell'] as const;

/** One of them; `sh` is every shell of that family: bash, zsh, dash, ksh. */
export type Shell = (typeof shells)[number];

/** The shell that a person most likely uses: fish by `$SHELL`, PowerShell on Windows, otherwise sh. */
export function likelyShell(
	env: Readonly<Record<string, string | undefined>> = process.env,
	platform: NodeJS.Platform = process.platform,
): Shell {
	if (platform === 'win32') {
		return 'powershell';
	}
	return basename(env.SHELL ?? '') === 'fish' ? 'fish' : 'sh';
}

/** A line that sets a variable for the shell and whatever it starts. */
export function assignment(shell: Shell, name: string, value: string): string {
	switch (shell) {
		case 'sh':
			return `export ${name}=${shellWord(value)}`;
		case 'fish':
			return `set -gx ${name} ${fishWord(value)};`;
		case 'powershell':
			return `$env:${name} = ${powershellWord(value)}`;
	}
}

/** How the person lets the shell read such lines. */
export function evaluation(shell: Shell, command: string): string {
	switch (shell) {
		case 'sh':
			return `eval "$(${command})"`;
		case 'fish':
			return `${command} | source`;
		case 'powershell':
			return `${command} | Invoke-Expression`;
	}
}

/** In single quotes only `\` and `'` mean something; line breaks stay out, for `eval` splits at them. */
function fishWord(text: string): string {
	const quoted = text.replace(/[\\']/g, '\\$&').replaceAll('\n', "'\\n'");
	return `'${quoted}'`;
}

/**
 * In single quotes only the quote means something, of which PowerShell knows the curved ones, too; and
 * what it reads from a program is in one code page or another. Whatever is not ASCII, or ends a line, is
 * therefore written as a number.
 */
function powershellWord(text: string): string {
	const quoted = text
		.replaceAll("'", "''")
		.replace(/[^ -~]/g, unit => `'+[char]${unit.charCodeAt(0)}+'`);
	return `'${quoted}'`;
}
