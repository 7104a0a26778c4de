import type {ProxyOptions} from '../seams.js';

/** What a value of an option has to be. */
export interface OptionRule {
	/** For people, behind "expected". */
	readonly expected: string;
	/** Whether a value is one of these; `undefined` counts as left out, and is not asked about. */
	readonly accepts: (value: unknown) => boolean;
}

const flag: OptionRule = {
	expected: 'true or false',
	accepts: value => typeof value === 'boolean',
};

const call: OptionRule = {
	expected: 'a function',
	accepts: value => typeof value === 'function',
};

const duration: OptionRule = {
	expected: 'milliseconds, a whole number from 1 to 2147483647',
	accepts: value => Number.isInteger(value) && Number(value) > 0 && Number(value) < 2 ** 31,
};

const cookies: OptionRule = {
	expected:
		'false, a string, or an object from what is there ("*" is everything) to what to put in its place',
	accepts: value =>
		value === false ||
		isCookieText(value) ||
		(isRecord(value) && Object.values(value).every(each => each === null || isCookieText(each))),
};

/** The options of http-proxy and its relatives that a route can have. `rewrite` and `pathRewrite` are the route's own. */
export const proxyOptions: Readonly<Record<keyof ProxyOptions, OptionRule>> = {
	changeOrigin: flag,
	headers: {
		expected:
			'an object from names to values, none of which says how the request is framed or who may see it (Connection, Content-Length, Expect, Keep-Alive, TE, Trailer, Transfer-Encoding, Upgrade)',
		accepts: value => isRecord(value) && Object.entries(value).every(isField),
	},
	auth: {expected: '"user:password"', accepts: value => isText(value) && value.includes(':')},
	prependPath: flag,
	ignorePath: flag,
	cookieDomainRewrite: cookies,
	cookiePathRewrite: cookies,
	hostRewrite: {
		expected: 'a host with an optional port',
		accepts: value =>
			isText(value) && /^[\w.~-]+(?::\d{1,5})?$|^\[[\da-f:.]+\](?::\d{1,5})?$/i.test(value),
	},
	autoRewrite: flag,
	protocolRewrite: {
		expected: '"http" or "https"',
		accepts: value => ['http', 'https', 'http:', 'https:'].includes(String(value)),
	},
	followRedirects: flag,
	timeout: duration,
	proxyTimeout: duration,
	xfwd: flag,
	localAddress: {expected: 'an IP address of this machine', accepts: isText},
	preserveHeaderKeyCase: flag,
	secure: flag,
	ws: flag,
	rewriteWsOrigin: flag,
	configure: call,
	bypass: call,
};

const byConfigure = (event: string) =>
	`register a listener instead: configure: proxy => proxy.on('${event}', ...)`;
const onlyPlain = 'backends are spoken to without TLS';
const noServer = 'Sealport listens by itself';
const stdout = 'leave it out; sealport --verbose tells of every request';

/**
 * Options of http-proxy, http-proxy-middleware, Vite and webpack-dev-server that Sealport cannot honour, with
 * what to tell whoever gives one: why, or what to do instead.
 */
export const refusedOptions: ReadonlyMap<string, string> = new Map([
	['agent', 'Sealport keeps the connections to backends by itself'],
	['ssl', noServer],
	['buffer', 'the body of a request goes to the backend as it comes'],
	['forward', 'requests go to one backend only; name it by "target"'],
	['selfHandleResponse', 'responses are always passed on; change their headers in configure'],
	['router', 'use a route for each host or path instead'],
	['toProxy', 'backends that are proxies themselves are not spoken to'],
	['lookup', 'name the backend by its address'],
	['method', 'requests keep their method'],
	['ca', onlyPlain],
	['cert', onlyPlain],
	['key', onlyPlain],
	['pfx', onlyPlain],
	['passphrase', onlyPlain],
	['ciphers', onlyPlain],
	['secureProtocol', onlyPlain],
	['pathFilter', 'use "match", or "context" of webpack-dev-server, with paths'],
	['onProxyReq', byConfigure('proxyReq')],
	['onProxyRes', byConfigure('proxyRes')],
	['onProxyReqWs', byConfigure('proxyReqWs')],
	['onError', byConfigure('error')],
	['onOpen', 'what goes through a WebSocket is not looked at'],
	['onClose', 'what goes through a WebSocket is not looked at'],
	['on', byConfigure('proxyReq')],
	['plugins', 'use configure: proxy => ... instead'],
	['ejectPlugins', 'there are no plugins to leave out'],
	['logger', stdout],
	['logLevel', stdout],
	['logProvider', stdout],
]);

/** A field by which a message could be made into two, or which belongs to a connection. */
const framing =
	/^(?:connection|content-length|expect|keep-alive|proxy-connection|te|trailer|transfer-encoding|upgrade)$/i;

function isField([name, value]: [string, unknown]): boolean {
	const values: unknown[] = Array.isArray(value) ? value : [value];
	const isName = /^[\w!#$%&'*+.^`|~-]+$/.test(name) && !framing.test(name);
	return isName && values.every(each => isText(each) || typeof each === 'number');
}

function isText(value: unknown): value is string {
	// What a line of a head may have (RFC 9110 section 5.5).
	return typeof value === 'string' && /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
}

function isCookieText(value: unknown): boolean {
	return isText(value) && !value.includes(';');
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
