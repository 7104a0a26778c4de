import type {Agent} from 'node:http';
import type {Backend} from '../seams.js';
import {targetOf} from './target.js';

/** Redirects that are followed one after the other. */
const mostRedirects = 10;

/** Octets of a request's body that are kept to be sent once more. */
const largestBody = 10 * 1024 * 1024;

/** What is settled of the next request when a redirect is followed. */
interface NextRequest {
	protocol?: string | null;
	hostname?: string | null;
	port?: string | number | null;
	agent?: Agent | undefined;
	socketPath?: string | undefined;
	headers: Record<string, unknown>;
}

/** The request that was redirected. */
interface Redirected {
	readonly headers: Readonly<Record<string, unknown>>;
}

/**
 * How follow-redirects, which http-proxy uses, is to follow redirects: to a bound, and to other places than
 * the backend not by way of the backend's connections. What leads to the host that the backend was asked for
 * leads to the backend: on this machine that host is Sealport.
 */
export function redirectOptions(backend: Backend, agent: () => Agent | undefined) {
	return {
		maxRedirects: mostRedirects,
		maxBodyLength: largestBody,
		beforeRedirect(next: NextRequest, _response: unknown, {headers}: Redirected) {
			const host = Object.entries(headers).find(([name]) => name.toLowerCase() === 'host')?.[1];
			const to = authorityOf(next);
			const isPlain = next.protocol === 'http:';
			if (to === host) {
				next.agent = agent();
				next.protocol = 'http:';
				next.headers.host = host;
			} else if (isPlain && to === new URL(targetOf(backend).href).host) {
				next.agent = agent();
			} else {
				delete next.agent;
				delete next.socketPath;
			}
		},
	};
}

/** As a Host has it. */
function authorityOf({protocol, hostname, port}: NextRequest): string {
	const usual = protocol === 'https:' ? 443 : 80;
	const isUsual = port === undefined || port === null || port === '' || Number(port) === usual;
	return `${hostname}${isUsual ? '' : `:${port}`}`;
}

const faults: Readonly<Record<string, string>> = {
	ERR_FR_TOO_MANY_REDIRECTS: `redirected more than ${mostRedirects} times`,
	ERR_FR_REDIRECTION_FAILURE: 'redirected to where nothing can be asked for',
	ERR_FR_MAX_BODY_LENGTH_EXCEEDED: `was sent a body of more than ${largestBody} octets, which is too large to follow redirects with`,
};

/** What happened, behind the backend's name, where a redirect could not be followed. */
export function redirectFault(code: string | undefined): string | undefined {
	return faults[code ?? ''];
}
