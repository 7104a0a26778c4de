import {STATUS_CODES} from 'node:http';
import type {ProxyError, ProxyErrorCode} from '../errors.js';
import {failurePage} from './failure-page.js';
import {type RawHeaders, valuesOf} from './headers.js';

const statuses: Readonly<Record<ProxyErrorCode, number>> = {
	'request-malformed': 400,
	'route-missing': 404,
	'head-timeout': 408,
	'name-not-served': 421,
	'head-too-large': 431,
	'method-refused': 501,
	'backend-refused': 502,
	'backend-reset': 502,
	'backend-malformed': 502,
	draining: 503,
	'backend-timeout': 504,
	loop: 508,
};

/** An answer that Sealport gives itself, with its body complete. */
export interface Answer {
	readonly status: number;
	readonly reason: string;
	readonly headers: RawHeaders;
	readonly body: Buffer;
}

/**
 * Says to a client what failed: a page to a browser, JSON to who asks for it, otherwise a line of
 * text. Each carries the header `Sealport-Error` with the failure's code, so that a program can tell
 * it from an answer of the backend.
 *
 * @param request decides the form (RFC 9110 section 12.5.1); the page reloads itself once the backend
 * is back if the failure may pass and asking again is safe
 */
export function answerFor(
	error: ProxyError,
	request: {readonly method: string; readonly headers: RawHeaders},
): Answer {
	const status = statuses[error.code];
	const reason = STATUS_CODES[status] ?? 'Error';
	const form = formFor(valuesOf(request.headers, 'accept').join(','));
	const {type, text, extra} = forms[form](error, status, reason, request.method);
	const body = Buffer.from(text);
	return {
		status,
		reason,
		headers: [
			'Content-Type',
			type,
			'Content-Length',
			String(body.length),
			'Cache-Control',
			'no-store',
			'Sealport-Error',
			error.code,
			...extra,
		],
		body,
	};
}

type Form = 'page' | 'json' | 'line';

function formFor(accept: string): Form {
	const html = accept.indexOf('text/html');
	const json = accept.search(/application\/([\w.-]+\+)?json/);
	if (html >= 0 && (json < 0 || html < json)) {
		return 'page';
	}
	return json >= 0 ? 'json' : 'line';
}

interface Rendered {
	readonly type: string;
	readonly text: string;
	readonly extra: RawHeaders;
}

const forms: Readonly<
	Record<Form, (error: ProxyError, status: number, reason: string, method: string) => Rendered>
> = {
	page(error, status, reason, method) {
		const passes = error.source === 'upstream' || error.code === 'draining';
		const {html, contentSecurityPolicy} = failurePage({
			status: String(status),
			title: reason,
			message: error.message,
			hint: error.hint ?? '',
			code: error.code,
			reload: passes && (method === 'GET' || method === 'HEAD'),
		});
		return {
			type: 'text/html; charset=utf-8',
			text: html,
			extra: [
				'Content-Security-Policy',
				contentSecurityPolicy,
				'X-Content-Type-Options',
				'nosniff',
			],
		};
	},
	json(error, status) {
		const {code, message, hint} = error;
		return {
			type: 'application/json',
			text: `${JSON.stringify({status, code, message, hint})}\n`,
			extra: [],
		};
	},
	line(error) {
		const hint = error.hint === undefined ? '' : ` (${error.hint})`;
		return {type: 'text/plain; charset=utf-8', text: `${error.message}${hint}\n`, extra: []};
	},
};
