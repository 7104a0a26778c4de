import type {Backend, CookieRewrite, ProxyOptions} from '../seams.js';
import {httpProxy} from './http-proxy.js';
import type {Incoming} from './incoming-head.js';
import {isPlainText} from './listener-changes.js';
import {functionFailed} from './listeners.js';
import {targetOf} from './target.js';

/** Changes the response's fields as the options of its route ask for; gives back the same when there is nothing to change. */
export type ResponseChange = (incoming: Incoming, host: string) => Incoming;

/**
 * What http-proxy's own passes do to the redirects and cookies of responses. They are shown only these fields, for
 * what they write they would write by name.
 *
 * @returns `undefined` when nothing is asked for
 */
export function responseChange(backend: Backend, asked: ProxyOptions): ResponseChange | undefined {
	const {hostRewrite, autoRewrite, protocolRewrite, cookieDomainRewrite, cookiePathRewrite} = asked;
	const isRedirecting = Boolean(hostRewrite || autoRewrite || protocolRewrite);
	const options = {
		target: targetOf(backend).href,
		hostRewrite,
		autoRewrite,
		// What the client has asked for is Sealport, and that is https.
		protocolRewrite: protocolRewrite ?? (autoRewrite && !hostRewrite ? 'https' : undefined),
		cookieDomainRewrite: byValue(cookieDomainRewrite),
		cookiePathRewrite: byValue(cookiePathRewrite),
	};
	const changesCookies = isCookieChange(cookieDomainRewrite) || isCookieChange(cookiePathRewrite);
	if (!isRedirecting && !changesCookies) {
		return undefined;
	}
	return (incoming, host) => {
		const {statusCode, rawHeaders} = incoming;
		const changes = (name: string) =>
			(isRedirecting && name === 'location') || (changesCookies && name === 'set-cookie');
		if (!rawHeaders.some((name, index) => index % 2 === 0 && changes(name.toLowerCase()))) {
			return incoming;
		}
		const fields = rawHeaders.map((text, index) => {
			const name = rawHeaders[index - 1]?.toLowerCase();
			const isValue = index % 2 === 1 && name !== undefined && changes(name);
			return isValue ? passed(name, text, statusCode, host, options) : text;
		});
		return {
			httpVersion: incoming.httpVersion,
			statusCode,
			statusMessage: incoming.statusMessage,
			rawHeaders: fields,
		};
	};
}

/** One value as http-proxy's passes leave it. */
function passed(
	name: string,
	value: string,
	statusCode: number | undefined,
	host: string,
	options: object,
): string {
	const response = {statusCode, headers: {[name]: value}};
	try {
		httpProxy.setRedirectHostRewrite({headers: {host}}, {setHeader() {}}, response, options);
	} catch {
		// A Location that is no URL stays as it is.
	}
	let written = value;
	const setHeader = (_name: string, text: string | string[]) => {
		written = String(text);
	};
	httpProxy.writeHeaders({headers: {host}}, {setHeader}, response, options);
	if (!isPlainText(written)) {
		throw functionFailed(`what the options of a route make of ${name} cannot be sent`);
	}
	return written;
}

/** Without what every object has: a cookie may be of the domain `constructor`. */
function byValue(asked: CookieRewrite | undefined): CookieRewrite | undefined {
	return typeof asked === 'object' ? Object.assign(Object.create(null), asked) : asked;
}

function isCookieChange(asked: CookieRewrite | undefined): boolean {
	return asked !== undefined && asked !== false;
}
