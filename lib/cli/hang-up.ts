import {closeSync, openSync} from 'node:fs';
import {isatty} from 'node:tty';

/** Asked once, at the start: a terminal that is gone is no terminal any more. */
const hadTerminal = [0, 1, 2].some(isatty);

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
