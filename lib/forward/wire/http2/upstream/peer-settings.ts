import {ConnectionError, errorCode} from '../framing/errors.js';
import {defaultWindow, largest31, setting} from '../framing/frames.js';
import {readSettings} from '../framing/settings.js';

/**
 * Streams at a time on a connection whose backend has not said how many it takes, at the most: RFC 9113 section
 * 6.5.2 recommends that none takes fewer.
 */
const streamsBeforeSettings = 100;

/** Size of the table of fields before the backend has said another. */
const defaultTable = 4096;

/** What a backend has said in SETTINGS. */
export class PeerSettings {
	/** Whether anything has come. */
	known = false;
	/** How many streams it takes at a time. */
	mostStreams: number;
	/** Whether it has said at once that it takes no streams, and nothing else since. */
	takesNone = false;
	/** Octets that it takes on a new stream. */
	initialWindow = defaultWindow;
	/** Whether it takes WebSockets (RFC 8441 section 3). */
	allowsConnect = false;
	#prefix: 0 | 1 = 0;

	/** @param expected how many streams the backend took at a time on the connection before, if there was one */
	constructor(expected = streamsBeforeSettings) {
		this.mostStreams = Math.max(1, Math.min(expected, streamsBeforeSettings));
	}

	/**
	 * Reads a SETTINGS frame.
	 *
	 * @returns by how much the windows of all streams grow
	 * @throws ConnectionError
	 */
	read(bytes: Buffer, start: number, end: number): number {
		const before = this.initialWindow;
		const mayTakeNone = this.takesNone || !this.known;
		if (!this.known) {
			this.mostStreams = Number.POSITIVE_INFINITY;
		}
		readSettings(bytes, start, end, (id, value) => {
			switch (id) {
				case setting.maxConcurrentStreams:
					this.mostStreams = value;
					break;
				case setting.initialWindowSize:
					this.initialWindow = value;
					break;
				case setting.enableConnectProtocol:
					this.allowsConnect = value === 1;
					break;
				case setting.headerTableSize:
					// The next block has to say that the table has become smaller (RFC 7541 section 4.2).
					this.#prefix = value < defaultTable ? 1 : this.#prefix;
			}
		});
		this.takesNone = mayTakeNone && this.mostStreams === 0;
		// Not before: they may be refused.
		this.known = true;
		return this.initialWindow - before;
	}

	/** @returns 1 when the next field block is to begin by saying that the dynamic table is not used */
	takePrefix(): 0 | 1 {
		const prefix = this.#prefix;
		this.#prefix = 0;
		return prefix;
	}
}

/**
 * What a window is after it has grown.
 *
 * @throws ConnectionError when that is more than a window may be
 */
export function widened(window: number, by: number): number {
	if (window + by > largest31) {
		const message = `a window grows beyond ${largest31} octets`;
		throw new ConnectionError(errorCode.flowControlError, message);
	}
	return window + by;
}
