import {shellWord} from '../../shell-word.js';

/**
 * One thing to do to a trust store, as data: what `--dry-run` prints is what is carried out. Paths are
 * absolute; nothing passes through a shell.
 */
export type Step = Deed & {
	/**
	 * What takes this step back, as far as that can be done, when it or a later one of the same plan fails.
	 */
	readonly rollback?: readonly Deed[];
};

/** What a step does. */
export type Deed =
	/** Runs a program to its end; any exit code but 0 is a failure. */
	| {readonly kind: 'run'; readonly program: string; readonly args: readonly string[]}
	/** Makes a directory, and those above it that are missing. */
	| {readonly kind: 'directory'; readonly path: string; readonly mode: number}
	/** Writes a file in one step, in place of the one that may be there. */
	| {
			readonly kind: 'write';
			readonly path: string;
			/** What is written: not read from `from` again, which may be another's to change. */
			readonly content: string;
			/** A file with the same content, for a person who does this by hand. */
			readonly from: string;
			readonly mode: number;
	  }
	/**
	 * Copies a file with its mode and times, and with its owner and group where that is allowed; links are
	 * not followed; a file that is missing is not copied.
	 */
	| {readonly kind: 'copy'; readonly from: string; readonly to: string}
	/** Renames a file within its directory, in place of the one that may be there. */
	| {readonly kind: 'move'; readonly from: string; readonly to: string}
	/** Removes a file or a link, never what it leads to; nothing there is as good. */
	| {readonly kind: 'remove'; readonly path: string}
	/** Removes an empty directory; nothing there, or one in use, is as good. */
	| {readonly kind: 'remove-directory'; readonly path: string};

/** A plan with what takes it back when any of its steps fails. */
export function withRollback(
	[first, ...steps]: readonly Step[],
	rollback: readonly Deed[],
): readonly Step[] {
	return first === undefined
		? []
		: [{...first, rollback: [...(first.rollback ?? []), ...rollback]}, ...steps];
}

/**
 * A step as a command line that a person could type.
 *
 * @param platform for whose shell: a POSIX shell, or PowerShell on Windows
 */
export function commandLine(step: Deed, platform: NodeJS.Platform = process.platform): string {
	if (platform !== 'win32') {
		return argvOf(step).map(shellWord).join(' ');
	}
	const line = powershellArgv(step).map(powershellWord).join(' ');
	// A quoted word at the beginning would be a text and not a command.
	return line.startsWith("'") ? `& ${line}` : line;
}

function argvOf(step: Deed): readonly string[] {
	switch (step.kind) {
		case 'run':
			return [step.program, ...step.args];
		case 'directory':
			return ['mkdir', '-p', '-m', octal(step.mode), step.path];
		case 'write':
			return ['install', '-m', octal(step.mode), step.from, step.path];
		case 'copy':
			return ['cp', '-p', step.from, step.to];
		case 'move':
			return ['mv', '-f', step.from, step.to];
		case 'remove':
			return ['rm', '-f', step.path];
		case 'remove-directory':
			return ['rmdir', step.path];
	}
}

/** The aliases of PowerShell; with `-Force` they do not mind what is there, as their namesakes. */
function powershellArgv(step: Deed): readonly string[] {
	switch (step.kind) {
		case 'run':
			return argvOf(step);
		case 'directory':
			return ['mkdir', '-Force', step.path];
		case 'write':
			return ['copy', '-Force', step.from, step.path];
		case 'copy':
			return ['copy', '-Force', step.from, step.to];
		case 'move':
			return ['move', '-Force', step.from, step.to];
		case 'remove':
			return ['del', '-Force', step.path];
		case 'remove-directory':
			return ['rmdir', step.path];
	}
}

function octal(mode: number): string {
	return mode.toString(8).padStart(4, '0');
}

/**
 * Quotes a word for PowerShell, where it needs that: a flag would end at a dot or a colon within it, and
 * typographic quotation marks count as plain ones (about_Parsing, about_Quoting_Rules).
 */
function powershellWord(text: string): string {
	const isPlain = /^[\w+=/\\][\w+=:./\\-]*$/.test(text) || /^-\w+$/.test(text);
	return isPlain ? text : `'${text.replaceAll(/['\u2018-\u201b]/g, '$&$&')}'`;
}
