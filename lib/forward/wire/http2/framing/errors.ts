/** Why a stream or a connection is ended (RFC 9113 section 7). */
export const errorCode = {
	noError: 0x0,
	protocolError: 0x1,
	internalError: 0x2,
	flowControlError: 0x3,
	settingsTimeout: 0x4,
	streamClosed: 0x5,
	frameSizeError: 0x6,
	refusedStream: 0x7,
	cancel: 0x8,
	compressionError: 0x9,
	connectError: 0xa,
	enhanceYourCalm: 0xb,
	inadequateSecurity: 0xc,
	http11Required: 0xd,
} as const;

export type ErrorCode = (typeof errorCode)[keyof typeof errorCode];

/** What ends the connection (RFC 9113 section 5.4.1): it is told by GOAWAY, then closed. */
export class ConnectionError extends Error {
	override readonly name = 'ConnectionError';

	constructor(
		readonly code: ErrorCode,
		message: string,
	) {
		super(message);
	}
}

/** What ends one stream (RFC 9113 section 5.4.2): it is told by RST_STREAM, and the others go on. */
export class StreamError extends Error {
	override readonly name = 'StreamError';

	constructor(
		readonly stream: number,
		readonly code: ErrorCode,
		message: string,
	) {
		super(message);
	}
}
