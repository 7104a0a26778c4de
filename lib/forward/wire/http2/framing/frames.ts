/** What frames are called on the wire (RFC 9113 section 6, RFC 9218 section 7.1). */
export const frameType = {
	data: 0,
	headers: 1,
	priority: 2,
	reset: 3,
	settings: 4,
	pushPromise: 5,
	ping: 6,
	goaway: 7,
	windowUpdate: 8,
	continuation: 9,
	priorityUpdate: 0x10,
} as const;

/** Flags of frames; which of them a frame may have depends on its type. */
export const flag = {
	none: 0,
	endStream: 0x1,
	ack: 0x1,
	endHeaders: 0x4,
	padded: 0x8,
	priority: 0x20,
} as const;

/** What an endpoint may ask of the other (RFC 9113 section 6.5.2, RFC 8441, RFC 9218). */
export const setting = {
	headerTableSize: 1,
	enablePush: 2,
	maxConcurrentStreams: 3,
	initialWindowSize: 4,
	maxFrameSize: 5,
	maxHeaderListSize: 6,
	enableConnectProtocol: 8,
	noRfc7540Priorities: 9,
} as const;

/** What a client sends first (RFC 9113 section 3.4). */
export const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

/** Octets of the head of a frame. */
export const frameHeadSize = 9;

/** Largest payload that every endpoint takes, in octets; it is what Sealport itself takes. */
export const defaultFrameSize = 16_384;

/** Octets that every endpoint takes on a stream and on the connection before it says otherwise. */
export const defaultWindow = 65_535;

/** Largest flow-control window, stream identifier and setting of a size. */
export const largest31 = 0x7fff_ffff;

/**
 * Writes the head of a frame.
 *
 * @param length of its payload
 * @returns the index behind it
 */
export function writeFrameHead(
	target: Uint8Array,
	at: number,
	length: number,
	type: number,
	flags: number,
	stream: number,
): number {
	target[at] = length >>> 16;
	target[at + 1] = length >>> 8;
	target[at + 2] = length;
	target[at + 3] = type;
	target[at + 4] = flags;
	return writeUint32(target, at + 5, stream);
}

/** @returns the index behind it */
export function writeUint32(target: Uint8Array, at: number, value: number): number {
	target[at] = value >>> 24;
	target[at + 1] = value >>> 16;
	target[at + 2] = value >>> 8;
	target[at + 3] = value;
	return at + 4;
}
