import {flags, frameTypes} from '../../helpers/http2/names.js';

/** A frame in its bytes: of one that was changed by chance, what its head says may be wrong. */
export interface Cut {
	readonly type: number;
	readonly flags: number;
	readonly stream: number;
	readonly payload: Buffer;
	/** With its head. */
	readonly bytes: Buffer;
}

/**
 * Cuts what one side has sent into frames.
 *
 * @param skip octets before the first
 */
export function cut(bytes: Buffer, skip: number): {readonly frames: Cut[]; readonly rest: Buffer} {
	const frames: Cut[] = [];
	let at = Math.min(skip, bytes.length);
	while (at + 9 <= bytes.length) {
		const end = at + 9 + bytes.readUIntBE(at, 3);
		if (end > bytes.length) {
			break;
		}
		frames.push({
			type: bytes.readUInt8(at + 3),
			flags: bytes.readUInt8(at + 4),
			stream: bytes.readUInt32BE(at + 5) & 0x7fff_ffff,
			payload: bytes.subarray(at + 9, end),
			bytes: bytes.subarray(at, end),
		});
		at = end;
	}
	return {frames, rest: bytes.subarray(at)};
}

/** Octets of DATA without padding, or of a field block in HEADERS without what stands around it. */
export function content({type, flags: bits, payload}: Cut): Buffer {
	const isPadded = (bits & flags.PADDED) !== 0;
	const hasPriority = type === frameTypes.HEADERS && (bits & flags.PRIORITY) !== 0;
	const start = (isPadded ? 1 : 0) + (hasPriority ? 5 : 0);
	const end = payload.length - (isPadded ? (payload[0] ?? 0) : 0);
	return payload.subarray(Math.min(start, payload.length), Math.max(start, end));
}

/** Field blocks by their order, put together, with their streams. */
export function blocksOf(frames: readonly Cut[]): ReadonlyArray<{
	readonly stream: number;
	readonly block: Buffer;
	readonly endStream: boolean;
}> {
	const blocks: Array<{stream: number; block: Buffer; endStream: boolean}> = [];
	let parts: Buffer[] = [];
	let endStream = false;
	for (const each of frames) {
		if (each.type === frameTypes.HEADERS) {
			parts = [content(each)];
			endStream = (each.flags & flags.END_STREAM) !== 0;
		} else if (each.type === frameTypes.CONTINUATION) {
			parts.push(each.payload);
		} else {
			continue;
		}
		if ((each.flags & flags.END_HEADERS) !== 0) {
			blocks.push({stream: each.stream, block: Buffer.concat(parts), endStream});
		}
	}
	return blocks;
}

/** What has come in DATA, by stream; of a frame that has come in part, that part. */
export function bodiesOf({frames, rest}: ReturnType<typeof cut>): ReadonlyMap<number, string> {
	const bodies = new Map<number, string>();
	const add = (stream: number, bytes: Buffer) =>
		bodies.set(stream, (bodies.get(stream) ?? '') + bytes.toString('latin1'));
	for (const each of frames.filter(({type}) => type === frameTypes.DATA)) {
		add(each.stream, content(each));
	}
	if (rest.length > 9 && rest[3] === frameTypes.DATA) {
		const isPadded = ((rest[4] ?? 0) & flags.PADDED) !== 0;
		add(rest.readUInt32BE(5) & 0x7fff_ffff, rest.subarray(isPadded ? 10 : 9));
	}
	return bodies;
}
