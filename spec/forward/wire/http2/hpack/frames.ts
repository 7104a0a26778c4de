import {
	frameHeadSize,
	writeFrameHead,
} from '../../../../../lib/forward/wire/http2/framing/frames.js';

/** A frame as it came. */
export interface Frame {
	readonly type: number;
	readonly flags: number;
	readonly stream: number;
	readonly payload: Buffer;
}

/** Writes a frame. */
export function frame(type: number, flags: number, stream: number, payload: Uint8Array): Buffer {
	const head = Buffer.alloc(frameHeadSize);
	writeFrameHead(head, 0, payload.length, type, flags, stream);
	return Buffer.concat([head, payload]);
}

/** Writes the payload of a SETTINGS frame with one setting. */
export function settingOf(id: number, value: number): Buffer {
	const payload = Buffer.alloc(6);
	payload.writeUInt16BE(id, 0);
	payload.writeUInt32BE(value, 2);
	return payload;
}

/** Cuts what comes into frames. @returns takes the next bytes and gives what is complete with them */
export function frameCutter(skip: number): (bytes: Buffer) => Frame[] {
	let left = skip;
	let held = Buffer.alloc(0);
	return bytes => {
		held = Buffer.concat([held, bytes]);
		const skipped = Math.min(left, held.length);
		left -= skipped;
		let at = skipped;
		const frames: Frame[] = [];
		for (let end = endOf(held, at); end <= held.length; end = endOf(held, at)) {
			frames.push({
				type: held.readUInt8(at + 3),
				flags: held.readUInt8(at + 4),
				stream: held.readUInt32BE(at + 5),
				payload: held.subarray(at + frameHeadSize, end),
			});
			at = end;
		}
		held = held.subarray(at);
		return frames;
	};
}

function endOf(bytes: Buffer, at: number): number {
	return bytes.length < at + frameHeadSize
		? Number.POSITIVE_INFINITY
		: at + frameHeadSize + bytes.readUIntBE(at, 3);
}
