import {type Fields, fieldBlock} from './fields.js';
import {
	type ErrorCode,
	errorCodes,
	type FrameType,
	flags,
	frameTypes,
	largest,
	type SettingName,
	settingIds,
} from './names.js';

/** Settings by name, or by a number that has none. */
export type Settings = ReadonlyArray<readonly [setting: SettingName | number, value: number]>;

/** The deprecated priority of a stream (RFC 7540 section 5.3). */
export interface Priority {
	readonly exclusive?: boolean;
	readonly dependsOn: number;
	readonly weight?: number;
}

interface Options {
	readonly endStream?: boolean;
	/** How many octets of padding; without it the frame is not padded. */
	readonly padding?: number;
	/** Flags beside those that the frame has anyway. */
	readonly more?: number;
}

/** Writes a 32-bit number. */
export function uint32(value: number): Buffer {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32BE(value);
	return bytes;
}

/**
 * Writes any frame.
 *
 * @param stream with the reserved bit, when that is to be set
 * @param length what the frame says of its payload's length, when that is to be a lie
 */
export function anyFrame(
	type: FrameType | number,
	flagBits: number,
	stream: number,
	payload: Buffer | string = '',
	length?: number,
): Buffer {
	const bytes = Buffer.from(payload);
	const head = Buffer.alloc(9);
	head.writeUIntBE(length ?? bytes.length, 0, 3);
	head.writeUInt8(typeof type === 'number' ? type : frameTypes[type], 3);
	head.writeUInt8(flagBits, 4);
	head.writeUInt32BE(stream, 5);
	return Buffer.concat([head, bytes]);
}

const codeOf = (code: ErrorCode | number) => (typeof code === 'number' ? code : errorCodes[code]);

function padded(payload: Buffer, padding: number | undefined): Buffer {
	return padding === undefined
		? payload
		: Buffer.concat([Buffer.from([padding]), payload, Buffer.alloc(padding)]);
}

function priorityOf({exclusive = false, dependsOn, weight = 16}: Priority): Buffer {
	const stream = uint32(exclusive ? dependsOn + largest + 1 : dependsOn);
	return Buffer.concat([stream, Buffer.from([weight - 1])]);
}

/** Writes the frames of RFC 9113 from their parts, without looking at what they say. */
export const frame = {
	/** HEADERS, which ends both the block and the stream unless told otherwise. */
	headers(
		stream: number,
		fields: Fields | Buffer,
		{
			endStream = true,
			endHeaders = true,
			padding,
			priority,
			more = 0,
		}: Options & {readonly endHeaders?: boolean; readonly priority?: Priority} = {},
	): Buffer {
		const block = Buffer.isBuffer(fields) ? fields : fieldBlock(fields);
		const before = priority === undefined ? [] : [priorityOf(priority)];
		return anyFrame(
			'HEADERS',
			(endStream ? flags.END_STREAM : 0) |
				(endHeaders ? flags.END_HEADERS : 0) |
				(padding === undefined ? 0 : flags.PADDED) |
				(priority === undefined ? 0 : flags.PRIORITY) |
				more,
			stream,
			padded(Buffer.concat([...before, block]), padding),
		);
	},
	continuation: (stream: number, block: Buffer, endHeaders = true): Buffer =>
		anyFrame('CONTINUATION', endHeaders ? flags.END_HEADERS : 0, stream, block),
	/** DATA, which does not end the stream unless told to. */
	data: (
		stream: number,
		payload: Buffer | string,
		{endStream = false, padding, more = 0}: Options = {},
	): Buffer =>
		anyFrame(
			'DATA',
			(endStream ? flags.END_STREAM : 0) | (padding === undefined ? 0 : flags.PADDED) | more,
			stream,
			padded(Buffer.from(payload), padding),
		),
	priority: (stream: number, priority: Priority): Buffer =>
		anyFrame('PRIORITY', 0, stream, priorityOf(priority)),
	reset: (stream: number, code: ErrorCode | number = 'CANCEL'): Buffer =>
		anyFrame('RST_STREAM', 0, stream, uint32(codeOf(code))),
	settings: (settings: Settings = []): Buffer =>
		anyFrame(
			'SETTINGS',
			0,
			0,
			Buffer.concat(
				settings.map(([setting, value]) => {
					const id = typeof setting === 'number' ? setting : settingIds[setting];
					return Buffer.concat([Buffer.from([id >> 8, id & 0xff]), uint32(value)]);
				}),
			),
		),
	settingsAck: (): Buffer => anyFrame('SETTINGS', flags.ACK, 0),
	/** @param octets eight of them, as latin1 */
	ping: (octets = 'sealport', ack = false): Buffer =>
		anyFrame('PING', ack ? flags.ACK : 0, 0, Buffer.from(octets, 'latin1')),
	goaway: (lastStream = 0, code: ErrorCode | number = 'NO_ERROR', debug = ''): Buffer =>
		anyFrame(
			'GOAWAY',
			0,
			0,
			Buffer.concat([uint32(lastStream), uint32(codeOf(code)), Buffer.from(debug)]),
		),
	windowUpdate: (stream: number, increment: number): Buffer =>
		anyFrame('WINDOW_UPDATE', 0, stream, uint32(increment)),
	pushPromise: (stream: number, promised: number, fields: Fields): Buffer =>
		anyFrame(
			'PUSH_PROMISE',
			flags.END_HEADERS,
			stream,
			Buffer.concat([uint32(promised), fieldBlock(fields)]),
		),
	/** PRIORITY_UPDATE (RFC 9218 section 7.1). */
	priorityUpdate: (prioritised: number, value: string, stream = 0): Buffer =>
		anyFrame(
			'PRIORITY_UPDATE',
			0,
			stream,
			Buffer.concat([uint32(prioritised), Buffer.from(value)]),
		),
};
