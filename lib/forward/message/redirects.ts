import type {Agent} from 'node:http';
import type {Backend} from '../seams.js';

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
}

/**
 * How follow-redirects, which http-proxy uses, is to follow redirects: to a bound, and to other places than
 * the backend not by way of the backend's connections.
 */
export function redirectOptions(backend: Backend, agent: () => Agent | undefined) {
	return {
		maxRedirects: mostRedirects,
		maxBodyLength: largestBody,
		beforeRedirect(next: NextRequest) {
			if (leadsTo(backend, next)) {
				next.agent = agent();
			} else {
				delete next.agent;
				delete next.socketPath;
			}
		},
	};
}

function leadsTo(backend: Backend, {protocol, hostname, port}: NextRequest): boolean {
	const host = hostname?.replace(/^\[|\]$/g, '');
	const to = port === undefined || port === null || port === '' ? 80 : Number(port);
	const [wanted, at] = backend.kind === 'unix' ? ['localhost', 80] : [backend.host, backend.port];
	return protocol === 'http:' && host === wanted && to === at;
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
