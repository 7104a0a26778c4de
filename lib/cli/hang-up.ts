import {closeSync, fstatSync, openSync} from 'node:fs';

/** Asked once, at the start: a terminal that is gone is no terminal any more. */
const terminals = [0, 1, 2].filter(isTerminal);
const hadTerminal = terminals.length > 0;

if (hadTerminal && process.platform !== 'win32') {
	process.once('exit', () => {
		if (isHangUp()) {
			// Node.js 20 puts the terminal's settings back at its end, and aborts when there is none any more.
			terminals.forEach(closeQuietly);
		}
	});
}

function closeQuietly(descriptor: number): void {
	try {
		closeSync(descriptor);
	} catch {
		/* closed already */
	}
}

function isTerminal(descriptor: number): boolean {
	// Most that are none are told by this, and spare a start the loading of what asks further.
	try {
		return (
			fstatSync(descriptor).isCharacterDevice() &&
			process.getBuiltinModule('node:tty').isatty(descriptor)
		);
	} catch {
		return false;
	}
}

/** Whether a SIGHUP has come because the terminal went away, and not from somebody who wants a reload. */
export function isHangUp(): boolean {
	if (process.platform === 'win32') {
		return true;
	}
	if (!hadTerminal) {
		return false;
	}
	try {
		closeSync(openSync('/dev/tty', 'r'));
		return false;
	} catch {
		return true;
	}
}
