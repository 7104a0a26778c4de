import {ProxyError, systemCode} from '../errors.js';
import type {Backend} from './seams.js';

const resets = new Set(['ECONNRESET', 'EPIPE']);

/** Whether a connection failed because its other end had closed it. */
export function isReset(cause: Error): boolean {
	return resets.has(systemCode(cause) ?? '');
}

/** @param what it did, behind the backend's name */
export function malformed(backend: Backend, what: string, cause?: unknown): ProxyError {
	return new ProxyError('backend-malformed', 'upstream', `backend ${backend.label} ${what}`, {
		hint: 'see what the backend logs',
		cause,
		lastWords: backend.lastWords,
	});
}

/** @param begun whether its response had */
export function explain(cause: Error, backend: Backend, begun: boolean): ProxyError {
	const code = systemCode(cause) ?? '';
	if (code.startsWith('HPE_')) {
		return malformed(backend, `sent what is not HTTP/1.1 (${code})`, cause);
	}
	return brokenOff(backend, begun, cause);
}

/** @param begun whether its response had */
export function brokenOff(backend: Backend, begun: boolean, cause: unknown): ProxyError {
	const when = begun ? 'in the middle of its response' : 'before it responded';
	return new ProxyError(
		'backend-reset',
		'upstream',
		`backend ${backend.label} closed the connection ${when}`,
		{hint: 'see what the backend logs', cause, lastWords: backend.lastWords},
	);
}
