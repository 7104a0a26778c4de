import {at} from '../../codec/octets.js';
import {ConnectionError, errorCode} from './errors.js';
import {defaultFrameSize, flag, frameType} from './frames.js';
import {readUint31} from './integers.js';

/** The head of a frame (RFC 9113 section 4.1), read again and again. */
export class FrameHead {
	/** Octets of the payload. */
	length = 0;
	type = 0;
	flags = 0;
	stream = 0;

	read(bytes: Buffer, start: number): void {
		this.length = (at(bytes, start) << 16) | (at(bytes, start + 1) << 8) | at(bytes, start + 2);
		this.type = at(bytes, start + 3);
		this.flags = at(bytes, start + 4);
		this.stream = readUint31(bytes, start + 5);
	}

	has(bit: number): boolean {
		return (this.flags & bit) !== 0;
	}
}

/**
 * Checks what the head of a frame alone tells to be wrong (RFC 9113 sections 4.2 and 6): its length, and
 * whether it is on a stream or on the connection. A wrong length is an error of the connection even where
 * it need only be one of the stream; only that of PRIORITY is left to the caller, for it must not be.
 *
 * @throws ConnectionError
 */
export function checkFrameHead({type, flags, stream, length}: FrameHead): void {
	if (length > defaultFrameSize) {
		throw new ConnectionError(
			errorCode.frameSizeError,
			`a frame has ${length} octets, of ${defaultFrameSize} at the most`,
		);
	}
	switch (type) {
		case frameType.data:
			onStream(stream, 'DATA');
			sized('DATA', length >= (flags & flag.padded ? 1 : 0));
			return;
		case frameType.headers:
			onStream(stream, 'HEADERS');
			sized('HEADERS', length >= (flags & flag.padded ? 1 : 0) + (flags & flag.priority ? 5 : 0));
			return;
		case frameType.priority:
			onStream(stream, 'PRIORITY');
			return;
		case frameType.reset:
			onStream(stream, 'RST_STREAM');
			sized('RST_STREAM', length === 4);
			return;
		case frameType.settings:
			onConnection(stream, 'SETTINGS');
			sized('SETTINGS', flags & flag.ack ? length === 0 : length % 6 === 0);
			return;
		case frameType.pushPromise:
			throw new ConnectionError(
				errorCode.protocolError,
				'PUSH_PROMISE came, which nobody has allowed',
			);
		case frameType.ping:
			onConnection(stream, 'PING');
			sized('PING', length === 8);
			return;
		case frameType.goaway:
			onConnection(stream, 'GOAWAY');
			sized('GOAWAY', length >= 8);
			return;
		case frameType.windowUpdate:
			sized('WINDOW_UPDATE', length === 4);
			return;
		case frameType.continuation:
			onStream(stream, 'CONTINUATION');
			return;
		case frameType.priorityUpdate:
			onConnection(stream, 'PRIORITY_UPDATE');
			sized('PRIORITY_UPDATE', length >= 4);
			return;
		default:
	}
}

function onStream(stream: number, name: string): void {
	if (stream === 0) {
		throw new ConnectionError(errorCode.protocolError, `${name} came on no stream`);
	}
}

function onConnection(stream: number, name: string): void {
	if (stream !== 0) {
		throw new ConnectionError(errorCode.protocolError, `${name} came on a stream`);
	}
}

function sized(name: string, isRight: boolean): void {
	if (!isRight) {
		throw new ConnectionError(errorCode.frameSizeError, `${name} has a wrong length`);
	}
}
