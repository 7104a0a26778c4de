import {shellWord} from '../../shell-word.js';

/**
 * One thing to do to a trust store, as data: what `--dry-run` prints is what is carried out. Paths are
 * absolute; nothing passes through a shell.
 */
export type Step =
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
	/** Copies a file with its mode and times, links not followed; a file that is missing is not copied. */
	| {readonly kind: 'copy'; readonly from: string; readonly to: string}
	/** Removes a file; nothing there is as good. */
	| {readonly kind: 'remove'; readonly path: string}
	/** Removes a directory when it is empty. */
	| {readonly kind: 'remove-directory'; readonly path: string};

/** A step as a command line that a person could type into a POSIX shell. */
export function commandLine(step: Step): string {
	return argvOf(step).map(shellWord).join(' ');
}

function argvOf(step: Step): readonly string[] {
	switch (step.kind) {
		case 'run':
			return [step.program, ...step.args];
		case 'directory':
			return ['mkdir', '-p', '-m', octal(step.mode), step.path];
		case 'write':
			return ['install', '-m', octal(step.mode), step.from, step.path];
		case 'copy':
			return ['cp', '-p', step.from, step.to];
		case 'remove':
			return ['rm', '-f', step.path];
		case 'remove-directory':
			return ['rmdir', step.path];
	}
}

function octal(mode: number): string {
	return mode.toString(8).padStart(4, '0');
}
