import type {ProxyError} from '../errors.js';
import type {Client, ExchangeReport} from '../forward/seams.js';
import {describeClient} from './describe.js';

/** A policy has refused a request, or a connection before there was any. Text from the network in it is raw. */
export interface Refusal {
	/** Who it was, as far as that is known: `bob, /usr/bin/curl (pid 4121)`, or an address. */
	readonly who: string;
	/** `GET https://localhost/x`, or `a connection`. */
	readonly what: string;
	/** The policy: `allow`, `deny`, `mtls`, `token`, `auth`, `same-site` or `names`. */
	readonly policy: string;
	readonly reason: string;
	/** Of the answer; `undefined` for a TLS alert. */
	readonly status: number | undefined;
}

/** @param report of the request; `undefined` for a connection */
export function refusalOf(error: ProxyError, client: Client, report?: ExchangeReport): Refusal {
	return {
		who: describeClient(client),
		what: report === undefined ? 'a connection' : whatOf(report),
		policy: error.policy ?? '',
		reason: error.message,
		status: report?.status,
	};
}

function whatOf({method, host, target}: ExchangeReport): string {
	return `${method} ${/^https?:/i.test(target) ? '' : `https://${host}`}${target}`;
}
