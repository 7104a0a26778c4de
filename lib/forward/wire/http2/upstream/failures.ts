import {ProxyError} from '../../../../errors.js';
import {brokenOff, malformed} from '../../../backend-failure.js';
import type {Backend} from '../../../seams.js';
import {type ErrorCode, errorCode, StreamError} from '../framing/errors.js';

const names = new Map<number, string>(
	Object.entries(errorCode).map(([name, code]) => [
		code,
		name.replace(/[A-Z]/g, letter => `_${letter}`).toUpperCase(),
	]),
);

/** What RFC 9113 section 7 calls an error. */
function nameOf(code: number): string {
	return names.get(code) ?? `error code ${code}`;
}

/** The backend has not kept to HTTP/2. */
export function notHttp2(backend: Backend, cause: Error): ProxyError {
	return malformed(backend, `sent what is not HTTP/2: ${cause.message}`, cause);
}

/** The backend has answered as if it had been spoken to in HTTP/1.1. */
export function speaksHttp1(backend: Backend): ProxyError {
	const message = `backend ${backend.label} answers in HTTP/1.1, and was to be spoken to in HTTP/2`;
	const hint = `name it with http://, as in ${backend.label.replace(/^h2c:/, 'http:')}`;
	return new ProxyError('backend-malformed', 'upstream', message, {hint});
}

/**
 * The backend has ended a stream by RST_STREAM.
 *
 * @param begun whether its response had
 */
export function wasReset(
	backend: Backend,
	stream: number,
	code: number,
	begun: boolean,
): ProxyError {
	const when = begun ? 'in the middle of its response' : 'before it responded';
	const message = `backend ${backend.label} reset the stream with ${nameOf(code)} ${when}`;
	return new ProxyError('backend-reset', 'upstream', message, {
		hint: 'see what the backend logs',
		// Of use to a client that speaks HTTP/2: it can be told the same.
		cause: new StreamError(stream, code as ErrorCode, nameOf(code)),
	});
}

/** What is known of the end of a connection. */
export interface End {
	/** Whether the backend had sent anything on it. */
	readonly heard: boolean;
	/** What the backend has said in GOAWAY, if it has. */
	readonly code: number | undefined;
	readonly cause: Error | undefined;
}

/** The connection is gone. @param begun whether the response had */
export function connectionLost(backend: Backend, begun: boolean, end: End): ProxyError {
	if (end.code !== undefined && end.code !== errorCode.noError) {
		const message = `backend ${backend.label} closed the connection with ${nameOf(end.code)}`;
		return new ProxyError('backend-reset', 'upstream', message, {
			hint: 'see what the backend logs',
			cause: end.cause,
		});
	}
	if (end.heard) {
		return brokenOff(backend, begun, end.cause);
	}
	const message = `backend ${backend.label} closed the connection without a word of HTTP/2`;
	const hint = 'see what the backend logs; if it speaks HTTP/1.1, name it with http://';
	return new ProxyError('backend-reset', 'upstream', message, {hint, cause: end.cause});
}

/** The backend takes no more streams, on whatever connection. */
export function refused(backend: Backend): ProxyError {
	const message = `backend ${backend.label} refused the request again and again`;
	const hint = 'see how many requests it allows at a time';
	return new ProxyError('backend-refused', 'upstream', message, {hint});
}

/** The backend does not offer what WebSockets need in HTTP/2. */
export function noWebSockets(backend: Backend): ProxyError {
	const message = `backend ${backend.label} takes no WebSockets over HTTP/2: it does not allow extended CONNECT`;
	const hint = 'name it with http:// if it takes them over HTTP/1.1';
	return new ProxyError('backend-refused', 'upstream', message, {hint});
}
