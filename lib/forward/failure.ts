import type {Answer, ProxyError, ProxyErrorCode} from '../errors.js';
import {terminalText} from '../page/terminal.js';
import {failureHeader, failurePage} from './failure-page.js';
import {type RawHeaders, valuesOf} from './headers.js';

/** Reason phrases as `node:http` has them, which no start should have to load for their sake. */
const reasons = {
	400: 'Bad Request',
	401: 'Unauthorized',
	403: 'Forbidden',
	404: 'Not Found',
	408: 'Request Timeout',
	421: 'Misdirected Request',
	429: 'Too Many Requests',
	431: 'Request Header Fields Too Large',
	500: 'Internal Server Error',
	501: 'Not Implemented',
	502: 'Bad Gateway',
	503: 'Service Unavailable',
	504: 'Gateway Timeout',
	508: 'Loop Detected',
} as const;

const meanings: Readonly<
	Record<ProxyErrorCode, {readonly status: keyof typeof reasons; readonly title: string}>
> = {
	'request-malformed': {status: 400, title: 'This request cannot be understood'},
	'credentials-missing': {status: 401, title: 'This address asks who you are'},
	'access-denied': {status: 403, title: 'You may not use this address'},
	'certificate-refused': {status: 403, title: 'This address asks for a client certificate'},
	'route-missing': {status: 404, title: 'Nothing is served at this address'},
	'head-timeout': {status: 408, title: 'The request took too long'},
	'name-not-served': {status: 421, title: 'This name is not served here'},
	'too-many-tries': {status: 429, title: 'Too many wrong tries'},
	'head-too-large': {status: 431, title: 'The request has too large a head'},
	'function-failed': {status: 500, title: 'A function of the configuration failed'},
	'method-refused': {status: 501, title: 'This method is not for a proxy of this kind'},
	'backend-refused': {status: 502, title: 'The backend does not answer'},
	'backend-reset': {status: 502, title: 'The backend broke off'},
	'backend-malformed': {status: 502, title: 'The backend sent what is not HTTP'},
	draining: {status: 503, title: 'Sealport is shutting down'},
	'backend-timeout': {status: 504, title: 'The backend takes too long'},
	loop: {status: 508, title: 'This port leads back to itself'},
};

export type {Answer};

/**
 * Says to a client what failed: a page to a browser, JSON to who asks for it, otherwise a line of
 * text. Each carries the header `sealport-error` with the failure's code, so that a program can tell
 * it from an answer of the backend.
 *
 * @param request decides the form (RFC 9110 section 12.5.1); the page reloads itself once the backend
 * is back if the failure may pass and asking again is safe
 */
export function answerFor(
	error: ProxyError,
	request: {readonly method: string; readonly headers: RawHeaders},
): Answer {
	if (error.answer !== undefined) {
		return error.answer;
	}
	const {status, title} = meanings[error.code];
	const reason = reasons[status];
	const form = formFor(valuesOf(request.headers, 'accept').join(','));
	const {type, text, extra} = forms[form](error, status, title, request.method);
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
			failureHeader,
			error.code,
			...error.fields,
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

/** What the system said, for those who look closer: a line for each address that was tried. */
function systemWords(cause: unknown): string | undefined {
	const causes = cause instanceof AggregateError ? cause.errors : [cause];
	const lines = causes.flatMap(each => (each instanceof Error ? [each.message] : []));
	return lines.length === 0 ? undefined : lines.join('\n');
}

/** What the backend's process has printed last, as plain text. */
function lastLines(error: ProxyError): readonly string[] | undefined {
	const raw = error.lastWords?.();
	return raw === undefined || raw === '' ? undefined : terminalText(raw.trimEnd());
}

interface Rendered {
	readonly type: string;
	readonly text: string;
	readonly extra: RawHeaders;
}

const forms: Readonly<
	Record<Form, (error: ProxyError, status: number, title: string, method: string) => Rendered>
> = {
	page(error, status, title, method) {
		const passes = error.source === 'upstream' || error.code === 'draining';
		const {html, contentSecurityPolicy} = failurePage({
			status,
			title,
			message: error.message,
			hint: error.hint,
			detail: systemWords(error.cause),
			output: error.lastWords?.(),
			reload: passes && method === 'GET',
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
		const output = lastLines(error);
		return {
			type: 'application/json',
			text: `${JSON.stringify({status, code, message, hint, output})}\n`,
			extra: [],
		};
	},
	line(error) {
		const hint = error.hint === undefined ? '' : ` (${error.hint})`;
		const output = lastLines(error);
		const said = output === undefined ? '' : `\nits last lines:\n\n${output.join('\n')}\n`;
		const text = `${error.message}${hint}\n${said}`;
		return {type: 'text/plain; charset=utf-8', text, extra: []};
	},
};
