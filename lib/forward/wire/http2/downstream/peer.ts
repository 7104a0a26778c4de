import {ConnectionError, errorCode} from '../framing/errors.js';
import {defaultWindow, largest31, setting} from '../framing/frames.js';
import {readSettings, writeSettings} from '../framing/settings.js';
import {streamWindow} from './upload.js';

/** Most streams that a client may have open at a time; further ones are refused. */
export const mostStreams = 128;

/**
 * Octets that a client may send on all streams together before it is told to go on: so many that streams
 * whose backends take nothing never hold up the others.
 */
export const connectionWindow = mostStreams * streamWindow;

/** What Sealport says of itself at the start of a connection. */
export function opening(headSize: number): Buffer {
	return writeSettings([
		[setting.maxConcurrentStreams, mostStreams],
		[setting.initialWindowSize, streamWindow],
		[setting.maxHeaderListSize, headSize],
		[setting.enableConnectProtocol, 1],
		[setting.noRfc7540Priorities, 1],
	]);
}

/** What a client has asked for. */
export class Peer {
	/** Octets that it takes at first on a new stream. */
	window = defaultWindow;
	/** Whether it is to be told that the dynamic table is not used: it has made it smaller (RFC 7541 section 4.2). */
	mustShrinkTable = false;

	/**
	 * Takes its SETTINGS.
	 *
	 * @returns by how much the windows of all streams change in the end, and by how much at the most before
	 * @throws ConnectionError
	 */
	apply(bytes: Buffer, start: number, end: number): {readonly by: number; readonly most: number} {
		const before = this.window;
		let most = before;
		readSettings(bytes, start, end, (id, value) => {
			if (id === setting.initialWindowSize) {
				this.window = value;
				most = Math.max(most, value);
			} else if (id === setting.headerTableSize && value < defaultTable) {
				this.mustShrinkTable = true;
			}
		});
		return {by: this.window - before, most: most - before};
	}
}

/** Octets of a dynamic table before anything is said of it. */
const defaultTable = 4096;

/** @throws ConnectionError for a window that would be too large (RFC 9113 section 6.9.1) */
export function grow(window: number, by: number): number {
	if (window + by > largest31) {
		throw new ConnectionError(errorCode.flowControlError, 'a window grows beyond all bounds');
	}
	return window + by;
}
