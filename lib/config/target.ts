import {parseBackend} from '../backend/address.js';
import {UserError} from '../errors.js';
import type {Backend} from '../forward/seams.js';
import {inWords} from './in-words.js';

/** A backend in the ways of http-proxy: a URL, also of WebSockets, or its parts. */
export type Target =
	| number
	| string
	| URL
	| {
			readonly host?: string | undefined;
			readonly hostname?: string | undefined;
			readonly port?: number | string | undefined;
			readonly protocol?: string | undefined;
			readonly socketPath?: string | undefined;
	  };

const parts = ['host', 'hostname', 'port', 'protocol', 'socketPath'] as const;
const forms = 'such as 3000, "localhost:3000", "http://localhost:3000" or "unix:/path/to.sock"';

/**
 * Reads a backend as people, http-proxy, Vite and webpack-dev-server have it.
 *
 * @param where what the value is called, for the error's text
 * @throws UserError `option-invalid`
 */
export function parseTarget(target: unknown, where: string): Backend {
	if (typeof target === 'number') {
		return parseBackend(target, where);
	}
	if (typeof target === 'string') {
		return parseBackend(target.replace(/^ws:\/\//i, 'http://'), where);
	}
	if (target instanceof URL) {
		return parseBackend(target.href.replace(/^ws:/i, 'http:'), where);
	}
	const refuse = (why: string, hint = forms): never => {
		throw new UserError('option-invalid', `${where}: ${why}`, {hint});
	};
	if (typeof target !== 'object' || target === null || Array.isArray(target)) {
		return refuse(`expected a backend, got ${inWords(target)}`);
	}
	const given = new Map<string, unknown>(Object.entries(target));
	const unknown = [...given.keys()].find(name => !parts.some(part => part === name));
	if (unknown !== undefined) {
		refuse(`a backend has no ${unknown}, got ${inWords(target)}`, `known are ${parts.join(', ')}`);
	}
	const socket = given.get('socketPath');
	if (typeof socket === 'string') {
		return parseBackend(`unix:${socket}`, where);
	}
	const host = given.get('hostname') ?? given.get('host') ?? 'localhost';
	const protocol = String(given.get('protocol') ?? 'http').replace(/:(\/\/)?$/, '');
	const port = given.get('port');
	if (typeof host !== 'string' || !['string', 'number', 'undefined'].includes(typeof port)) {
		return refuse(`expected host as text and port as a number, got ${inWords(target)}`);
	}
	const bare = host.replace(/^\[|\]$/g, '').replace(port === undefined ? /$^/ : /:\d+$/, '');
	const name = bare.includes(':') && !/:\d+$/.test(host) ? `[${bare}]` : bare;
	return parseBackend(
		`${protocol.replace(/^ws$/i, 'http')}://${name}${port === undefined ? '' : `:${port}`}`,
		where,
	);
}
