import {closeSync, fstatSync, openSync} from 'node:fs';

/** Asked once, at the start: a terminal that is gone is no terminal any more. */
const hadTerminal = [0, 1, 2].some(isTerminal);

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
