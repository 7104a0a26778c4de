import {constants, type OutgoingHttpHeaders, type ServerHttp2Stream} from 'node:http2';
import type {RawHeaders} from '../headers.js';
import type {Downstream, ResponseHead} from './downstream.js';
import {readFields} from './fields.js';
import {grouped} from './serialise.js';

/**
 * An HTTP/2 client's side of an exchange (RFC 9113 section 8).
 *
 * @param rawHeaders as the 'stream' event gives them, pseudo-header fields included
 */
export function http2Downstream(stream: ServerHttp2Stream, rawHeaders: RawHeaders): Downstream {
	const pseudo = new Map<string, string>();
	const hosts: string[] = [];
	const headers: string[] = [];
	const cookies: string[] = [];
	for (let index = 0; index < rawHeaders.length; index += 2) {
		const name = rawHeaders[index] ?? '';
		const value = rawHeaders[index + 1] ?? '';
		if (name.startsWith(':')) {
			pseudo.set(name, value);
		} else if (name === 'host') {
			hosts.push(value);
		} else if (name === 'cookie') {
			// Split for compression; HTTP/1.1 allows only one such line (RFC 9113 section 8.2.3).
			if (cookies.push(value) === 1) {
				headers.push(name, value);
			}
		} else {
			headers.push(name, value);
		}
	}
	if (cookies.length > 1) {
		headers[headers.indexOf('cookie') + 1] = cookies.join('; ');
	}
	const authority = pseudo.get(':authority');
	if (
		authority !== undefined &&
		hosts.every(host => host.toLowerCase() === authority.toLowerCase())
	) {
		hosts.splice(0, hosts.length, authority);
	} else if (authority !== undefined) {
		hosts.unshift(authority);
	}
	let trailers: RawHeaders = [];
	let ended = false;
	stream.on('trailers', (_fields: unknown, _flags: unknown, raw: string[]) => {
		trailers = raw;
	});
	stream.on('error', () => {
		/* 'close' follows, and is what counts */
	});
	// Without an error, Node goes on to call the body ended, however little of it has come.
	const abandon = () => stream.destroy(new Error('the rest of the request will not come'));
	stream.on('aborted', abandon);
	let sent: number | undefined;
	let toSend: RawHeaders = [];
	const all = hosts[0] === undefined ? headers : ['Host', hosts[0], ...headers];
	return {
		version: 'HTTP/2',
		method: pseudo.get(':method') ?? '',
		target: pseudo.get(':path') ?? '',
		hosts,
		headers: all,
		fields: readFields(all),
		address: stream.session?.socket?.remoteAddress ?? '',
		body: stream.endAfterHeaders ? undefined : stream,
		trailers: () => trailers,
		get status() {
			return sent;
		},
		inform(status, _reason, fields) {
			if (!stream.headersSent && !gone(stream)) {
				stream.additionalHeaders({...http2Fields(fields), ':status': status});
			}
		},
		respond(head) {
			if (!gone(stream)) {
				respond(stream, head, () => toSend);
				sent = head.status;
			}
		},
		write: chunk => stream.write(chunk),
		onDrain: callback => void stream.once('drain', callback),
		end(fields) {
			toSend = fields;
			ended = true;
			stream.end();
			stream.once('finish', () => {
				// The response is whole and nobody reads the rest of the request: say so, as RFC 9113
				// section 8.1 provides, instead of leaving the stream half open.
				if (!gone(stream) && stream.state.remoteClose !== 1) {
					stream.close(constants.NGHTTP2_NO_ERROR);
					abandon();
				}
			});
		},
		cut() {
			// Not close(), which ends the body properly before it resets the stream.
			stream.destroy(new Error('the response was cut short'));
		},
		onOver(callback) {
			stream.once('close', () =>
				callback(ended && !stream.aborted && stream.rstCode === constants.NGHTTP2_NO_ERROR),
			);
		},
		upgrade: undefined,
	};
}

/** Whether nothing can be sent any more: a closed stream is destroyed only once all has been read. */
function gone(stream: ServerHttp2Stream): boolean {
	return stream.destroyed || stream.closed;
}

function respond(stream: ServerHttp2Stream, head: ResponseHead, trailers: () => RawHeaders): void {
	const fields = {...http2Fields(head.headers), ':status': head.status};
	stream.respond(fields, {waitForTrailers: head.chunked, endStream: false, sendDate: false} as {
		waitForTrailers: boolean;
		endStream: boolean;
	});
	if (head.chunked) {
		stream.once('wantTrailers', () => {
			if (!gone(stream)) {
				stream.sendTrailers(http2Fields(trailers()));
			}
		});
	}
}

/**
 * Fields that Node refuses to send over HTTP/2 more than once. A repeated one is sent as one line,
 * which means the same (RFC 9110 section 5.3).
 */
const single = new Set([
	'access-control-allow-credentials',
	'access-control-max-age',
	'access-control-request-method',
	'age',
	'authorization',
	'content-encoding',
	'content-language',
	'content-length',
	'content-location',
	'content-md5',
	'content-range',
	'content-type',
	'date',
	'dnt',
	'etag',
	'expires',
	'from',
	'host',
	'if-match',
	'if-modified-since',
	'if-none-match',
	'if-range',
	'if-unmodified-since',
	'last-modified',
	'location',
	'max-forwards',
	'proxy-authorization',
	'range',
	'referer',
	'retry-after',
	'tk',
	'upgrade-insecure-requests',
	'user-agent',
	'x-content-type-options',
]);

function http2Fields(headers: RawHeaders): OutgoingHttpHeaders {
	const fields: OutgoingHttpHeaders = {};
	for (const [name, value] of Object.entries(grouped(headers))) {
		const key = name.toLowerCase();
		fields[key] = Array.isArray(value) && single.has(key) ? value.join(', ') : value;
	}
	return fields;
}
