import {at} from '../../codec/octets.js';
import {ConnectionError, errorCode} from './errors.js';
import {
	defaultFrameSize,
	flag,
	frameHeadSize,
	frameType,
	largest31,
	setting,
	writeFrameHead,
	writeUint32,
} from './frames.js';
import {readUint32} from './integers.js';

/** Largest value of SETTINGS_MAX_FRAME_SIZE. */
const largestFrameSize = 0xff_ffff;

/**
 * Reads the payload of SETTINGS (RFC 9113 section 6.5), in the order in which it came. What nobody knows is
 * passed over.
 *
 * @param end behind the payload, whose length is a multiple of six
 * @param apply is given each setting that is known, with a value that it may have
 * @throws ConnectionError for a value that a setting may not have
 */
export function readSettings(
	bytes: Buffer,
	start: number,
	end: number,
	apply: (id: number, value: number) => void,
): void {
	for (let index = start; index < end; index += 6) {
		const id = (at(bytes, index) << 8) | at(bytes, index + 1);
		const value = readUint32(bytes, index + 2);
		if (check(id, value)) {
			apply(id, value);
		}
	}
}

/** @returns whether the setting is known */
function check(id: number, value: number): boolean {
	switch (id) {
		case setting.headerTableSize:
		case setting.maxConcurrentStreams:
		case setting.maxHeaderListSize:
			return true;
		case setting.enablePush:
		case setting.enableConnectProtocol:
		case setting.noRfc7540Priorities:
			return allow(id, value, value <= 1);
		case setting.initialWindowSize:
			if (value > largest31) {
				throw new ConnectionError(
					errorCode.flowControlError,
					`the initial window has ${value} octets, of ${largest31} at the most`,
				);
			}
			return true;
		case setting.maxFrameSize:
			return allow(id, value, value >= defaultFrameSize && value <= largestFrameSize);
		default:
			return false;
	}
}

function allow(id: number, value: number, isAllowed: boolean): true {
	if (!isAllowed) {
		throw new ConnectionError(errorCode.protocolError, `setting ${id} may not be ${value}`);
	}
	return true;
}

/** A whole SETTINGS frame, from pairs of setting and value. */
export function writeSettings(pairs: ReadonlyArray<readonly [id: number, value: number]>): Buffer {
	const length = pairs.length * 6;
	const frame = Buffer.allocUnsafe(frameHeadSize + length);
	let index = writeFrameHead(frame, 0, length, frameType.settings, flag.none, 0);
	for (const [id, value] of pairs) {
		frame[index] = id >>> 8;
		frame[index + 1] = id;
		index = writeUint32(frame, index + 2, value);
	}
	return frame;
}
