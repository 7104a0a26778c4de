import type {Socket} from 'node:net';
import type {ExecutionContext} from 'ava';
import {frame} from './frames.js';
import {errorCodes, type FrameType, flags, frameTypes, nameOf} from './names.js';
import {type Response, readResponse} from './response.js';

/** A frame as it came (RFC 9113 section 4.1). */
export interface Frame {
	/** Its name, or its number when it has none. */
	readonly type: FrameType | string;
	readonly flags: number;
	readonly stream: number;
	readonly payload: Buffer;
	/** Of DATA and HEADERS. */
	readonly endStream: boolean;
	/** Of SETTINGS and PING. */
	readonly ack: boolean;
	/** Of RST_STREAM and GOAWAY: its name, or its number when it has none. */
	readonly code: string | undefined;
}

/** What is looked for: frames that agree with each member given, or that the function says. */
export type Match =
	| {[Name in 'type' | 'stream' | 'endStream' | 'ack' | 'code']?: Frame[Name]}
	| ((frame: Frame) => boolean);

/** One side of an HTTP/2 connection that does nothing by itself but to acknowledge settings. */
export interface Http2Peer {
	readonly socket: Socket;
	/** All frames that came, in order. */
	readonly frames: readonly Frame[];
	/** Sends bytes as they are, all in one write. */
	send(...frames: readonly Buffer[]): void;
	/**
	 * Resolves with the first frame that matches, of all that came and will come, and that no earlier call
	 * has given. Rejects when the connection has ended before, or after twenty seconds.
	 */
	next(match?: Match): Promise<Frame>;
	/** As `next`, but the frame can be given again. */
	peek(match?: Match): Promise<Frame>;
	/** Resolves with the response on a stream once it is complete; rejects when the stream is reset. */
	response(stream: number): Promise<Response>;
	/** Resolves with all frames when the other side has closed. */
	closed(): Promise<readonly Frame[]>;
	/** Closes the connection without a word. */
	vanish(): void;
}

export interface PeerOptions {
	/** Whether settings are acknowledged as they come; default true. */
	readonly acks?: boolean;
	/** How many octets come before the first frame; 24 for a server, whose client sends a preface. */
	readonly skip?: number;
	/** Which frames to remember beside SETTINGS, for floods; by default all. */
	readonly keep?: (frame: Frame) => boolean;
}

const limit = 45_000;

/** Speaks HTTP/2 over a socket that is open, and closes it when the spec ends. */
export function speakHttp2(
	t: ExecutionContext,
	socket: Socket,
	{acks = true, skip = 0, keep = () => true}: PeerOptions = {},
): Http2Peer {
	const frames: Frame[] = [];
	const given = new Set<Frame>();
	const watchers = new Set<() => void>();
	let unread: Buffer = Buffer.alloc(0);
	let toSkip = skip;
	let gone = false;
	socket.on('data', (chunk: Buffer) => {
		unread = unread.length === 0 ? chunk : Buffer.concat([unread, chunk]);
		const skipped = Math.min(toSkip, unread.length);
		toSkip -= skipped;
		unread = unread.subarray(skipped);
		for (let came = cutFrame(unread); came !== undefined; came = cutFrame(unread)) {
			unread = unread.subarray(9 + came.payload.length);
			if (came.type === 'SETTINGS' || keep(came)) {
				frames.push(came);
			}
			if (acks && came.type === 'SETTINGS' && !came.ack) {
				socket.write(frame.settingsAck());
			}
		}
		tell();
	});
	socket.on('error', () => undefined);
	socket.on('close', () => {
		gone = true;
		tell();
	});
	t.teardown(() => socket.destroy());
	const tell = () => {
		for (const watch of watchers) {
			watch();
		}
	};
	const wait = <Found>(what: string, find: () => Found | undefined, mayClose = false) =>
		new Promise<Found>((resolve, reject) => {
			const fail = (why: string) =>
				end(() => reject(new Error(`${why}, without ${what}; came: ${inWords(frames)}`)));
			const timer = setTimeout(() => fail(`${limit} ms passed`), limit);
			const end = (settle: () => void) => {
				clearTimeout(timer);
				watchers.delete(watch);
				settle();
			};
			const watch = () => {
				try {
					const found = find();
					if (found !== undefined) {
						end(() => resolve(found));
					} else if (gone && !mayClose) {
						fail('the connection closed');
					}
				} catch (error) {
					end(() => reject(error));
				}
			};
			watchers.add(watch);
			watch();
		});
	const find = (match: Match, take: (found: Frame) => void = () => undefined) =>
		wait(typeof match === 'function' ? String(match) : JSON.stringify(match), () => {
			const found = frames.find(each => !given.has(each) && matches(each, match));
			if (found !== undefined) {
				take(found);
			}
			return found;
		});
	return {
		socket,
		frames,
		send: (...bytes) => void socket.write(Buffer.concat(bytes)),
		next: (match = {}) => find(match, found => given.add(found)),
		peek: (match = {}) => find(match),
		response: stream =>
			wait(`a response on stream ${stream}`, () =>
				readResponse(frames.filter(each => each.stream === stream)),
			),
		closed: () => wait('its end', () => (gone ? frames : undefined), true),
		vanish: () => void socket.destroy(),
	};
}

function cutFrame(bytes: Buffer): Frame | undefined {
	const length = bytes.length < 9 ? Number.POSITIVE_INFINITY : bytes.readUIntBE(0, 3);
	if (bytes.length < 9 + length) {
		return undefined;
	}
	const type = nameOf(frameTypes, bytes.readUInt8(3));
	const flagBits = bytes.readUInt8(4);
	const payload = bytes.subarray(9, 9 + length);
	const codeAt = type === 'RST_STREAM' ? 0 : type === 'GOAWAY' ? 4 : undefined;
	return {
		type,
		flags: flagBits,
		stream: bytes.readUInt32BE(5),
		payload,
		endStream: ['DATA', 'HEADERS'].includes(type) && (flagBits & flags.END_STREAM) !== 0,
		ack: ['SETTINGS', 'PING'].includes(type) && (flagBits & flags.ACK) !== 0,
		code: codeAt === undefined ? undefined : nameOf(errorCodes, payload.readUInt32BE(codeAt)),
	};
}

function matches(frame: Frame, match: Match): boolean {
	return typeof match === 'function'
		? match(frame)
		: Object.entries(match).every(([name, value]) => frame[name as keyof Frame] === value);
}

/** The last frames, short, for errors. */
function inWords(frames: readonly Frame[]): string {
	const words = frames
		.slice(-12)
		.map(({type, stream, code, payload, endStream}) =>
			[
				type,
				`on ${stream}`,
				code ?? `${payload.length} octets`,
				endStream ? 'at its end' : '',
				type === 'GOAWAY' ? JSON.stringify(payload.toString('latin1', 8)) : '',
			]
				.filter(Boolean)
				.join(' '),
		);
	return words.length === 0 ? 'nothing' : words.join('; ');
}
