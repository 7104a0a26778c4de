import {ProxyError, systemCode} from '../../errors.js';
import {explain, malformed} from '../backend-failure.js';
import type {Backend} from '../seams.js';
import {Malformed, TooLarge} from '../wire/codec/octets.js';
import {redirectFault} from './redirects.js';

/**
 * What the client is told of a failed request.
 *
 * @param begun whether anything had come back
 */
export function failureOf(cause: unknown, backend: Backend, begun: boolean): ProxyError {
	if (cause instanceof ProxyError) {
		return cause;
	}
	const fault = redirectFault(systemCode(cause));
	if (fault !== undefined) {
		return malformed(backend, fault, cause);
	}
	if (cause instanceof Malformed || cause instanceof TooLarge) {
		return malformed(backend, `sent what is not HTTP/1.1: ${cause.message}`, cause);
	}
	return explain(cause instanceof Error ? cause : new Error(String(cause)), backend, begun);
}

/** The backend has been silent for as long as `proxyTimeout` allows. */
export function silentBackend({label}: Backend, milliseconds = 0): ProxyError {
	const message = `backend ${label} has neither sent nor taken anything for ${milliseconds} ms`;
	return new ProxyError('backend-timeout', 'upstream', message, {
		hint: 'see what it is doing, or raise proxyTimeout of its route',
	});
}

/** The client has been silent for as long as `timeout` allows. */
export function silentClient(milliseconds: number): ProxyError {
	const message = `the client has neither sent nor taken anything for ${milliseconds} ms`;
	return new ProxyError('head-timeout', 'downstream', message);
}
