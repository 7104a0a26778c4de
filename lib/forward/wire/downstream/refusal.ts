import {ProxyError} from '../../../errors.js';
import {Malformed, TooLarge} from '../codec/octets.js';

/** What the client is told of an error that reading its request has thrown. */
export function refusalOf(error: unknown): ProxyError {
	if (error instanceof ProxyError) {
		return error;
	}
	if (error instanceof TooLarge) {
		const message = `the head of the request is too large: ${error.message}`;
		return new ProxyError('head-too-large', 'downstream', message, {cause: error});
	}
	if (error instanceof Malformed) {
		const message = `the request is not HTTP/1.1: ${error.message}`;
		return new ProxyError('request-malformed', 'downstream', message, {cause: error});
	}
	const message = 'the request cannot be forwarded';
	return new ProxyError('request-malformed', 'internal', message, {cause: error});
}
