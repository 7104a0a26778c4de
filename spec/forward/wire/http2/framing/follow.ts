import type {ExecutionContext} from 'ava';
import {ConnectionError} from '../../../../../lib/forward/wire/http2/framing/errors.js';
import type {FrameHandler} from '../../../../../lib/forward/wire/http2/framing/handler.js';
import {FrameReader} from '../../../../../lib/forward/wire/http2/framing/reader.js';
import {frame} from '../../../../helpers/http2/frames.js';
import {type ErrorCode, errorCodes, preface} from '../../../../helpers/http2/names.js';

/** What a reader has told: the name of a method, and what it was given; bytes as latin1. */
export type Told = readonly [what: string, ...given: ReadonlyArray<number | boolean | string>];

/** What became of some bytes. */
export interface Followed {
	readonly told: readonly Told[];
	/** The code of the error that ended the reading. */
	readonly error: ErrorCode | undefined;
	readonly incomplete: boolean;
}

export interface ReaderOptions {
	readonly isServer?: boolean;
	readonly mostBlock?: number;
}

const nameOf = (code: number) =>
	(Object.keys(errorCodes) as ErrorCode[]).find(name => errorCodes[name] === code);

/** Remembers what it is told; data of one frame is put together. */
function recorder(told: Told[]): FrameHandler {
	const tell = (...each: Told) => void told.push(each);
	let data = '';
	return {
		dataBegins: (stream, length, endStream) => tell('dataBegins', stream, length, endStream),
		data(_stream, bytes, start, end) {
			data += start === end ? '<nothing>' : bytes.toString('latin1', start, end);
		},
		dataEnds(stream, endStream) {
			tell('dataEnds', stream, data, endStream);
			data = '';
		},
		headers: (stream, endStream, bytes, start, end) =>
			tell('headers', stream, endStream, bytes.toString('latin1', start, end)),
		reset: (stream, code) => tell('reset', stream, code),
		settings: (bytes, start, end) => tell('settings', bytes.toString('hex', start, end)),
		settingsAck: () => tell('settingsAck'),
		ping: (isAck, bytes, start) => tell('ping', isAck, bytes.toString('latin1', start, start + 8)),
		goaway: (lastStream, code) => tell('goaway', lastStream, code),
		windowUpdate: (stream, increment) => tell('windowUpdate', stream, increment),
		priorityUpdate: (stream, bytes, start, end) =>
			tell('priorityUpdate', stream, bytes.toString('latin1', start + 4, end)),
		ignored: (type, stream) => tell('ignored', type, stream),
		streamError: ({stream, code}) => tell('streamError', stream, nameOf(code) ?? code),
	};
}

/** Reads chunks, each in memory of its own that is overwritten behind the call. */
export function follow(
	chunks: Iterable<Buffer>,
	{isServer = true, mostBlock = 64 * 1024}: ReaderOptions = {},
): Followed {
	const told: Told[] = [];
	const reader = new FrameReader(recorder(told), {isServer, mostBlock});
	let error: ErrorCode | undefined;
	try {
		for (const chunk of chunks) {
			const lent = Buffer.from(chunk);
			reader.read(lent);
			lent.fill('!');
		}
	} catch (thrown) {
		if (!(thrown instanceof ConnectionError)) {
			throw thrown;
		}
		error = nameOf(thrown.code);
	}
	return {told, error, incomplete: reader.incomplete};
}

/** All ways in which the bytes may be split in two, and byte by byte. */
export function* splitsOf(bytes: Buffer): Generator<readonly Buffer[]> {
	yield [bytes];
	for (let index = 1; index < bytes.length; index++) {
		yield [bytes.subarray(0, index), bytes.subarray(index)];
	}
	yield Array.from(bytes, octet => Buffer.of(octet));
}

/** What a client sends before anything else. */
export const greeting = Buffer.concat([preface, frame.settings()]);

/**
 * Asserts what becomes of frames behind the greeting, however they are split.
 *
 * @param told what the reader tells of them
 */
export function same(
	t: ExecutionContext,
	frames: readonly Buffer[],
	told: readonly Told[],
	error?: ErrorCode,
	options: ReaderOptions = {},
): void {
	const first = options.isServer === false ? frame.settings() : greeting;
	for (const parts of splitsOf(Buffer.concat(frames))) {
		const followed = follow([first, ...parts], options);
		t.deepEqual(followed.told.slice(1), told);
		t.is(followed.error, error);
	}
	const bytes = Buffer.concat([first, ...frames]);
	const [whole, bytewise] = [[bytes], Array.from(bytes, octet => Buffer.of(octet))];
	t.deepEqual(follow(whole, options).told.slice(1), told);
	t.deepEqual(follow(bytewise, options).told.slice(1), told);
}
