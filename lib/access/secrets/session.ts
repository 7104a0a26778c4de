import type {Authority} from '../../forward/seams.js';
import {markOf} from './same-secret.js';

/** Cookies do not know ports: those of several Sealports are told apart by their names. */
const prefix = '__Host-sealport-';
const ours = /^__Host-sealport-\d{1,5}$/;

/** What the cookie is called, by the port that the browser sees. */
export function cookieName({port = 443}: Authority): string {
	return `${prefix}${port}`;
}

/**
 * What a browser is given instead of the token: it ends with the token and with this process, and the token
 * cannot be found out by it.
 */
export function sessionOf(token: string): string {
	return markOf(token, 'session').toString('base64url');
}

/** The value of the cookie of that name, the first where there are more. */
export function cookieIn(values: readonly string[], name: string): string | undefined {
	for (const crumb of values.flatMap(value => value.split(';'))) {
		const equals = crumb.indexOf('=');
		if (equals >= 0 && crumb.slice(0, equals).trim() === name) {
			return crumb.slice(equals + 1).trim();
		}
	}
	return undefined;
}

/**
 * A Cookie field without sessions of any Sealport, all else as it was; `undefined` when nothing is left. The
 * cookie of another one comes along because cookies do not know ports, and its backend would let this one's
 * in there.
 */
export function withoutSessions(value: string): string | undefined {
	if (!value.includes(prefix)) {
		return value;
	}
	const crumbs = value.split(';');
	const kept = crumbs.filter(crumb => !ours.test((crumb.split('=', 1)[0] ?? '').trim()));
	if (kept.length === crumbs.length) {
		return value;
	}
	const text = kept.join(';').replace(/^[ \t]+/, '');
	return text === '' ? undefined : text;
}
