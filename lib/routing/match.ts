import {UserError} from '../errors.js';
import {parseName} from '../pki/names.js';
import {readingsOf} from './readings.js';
import {resolve, tidy} from './spelling.js';

/** What a route matches. */
export interface Match {
	/** As people write it: `/`, `api.localhost`, `*.app.localhost/admin`. */
	readonly text: string;
	/**
	 * Lower case, internationalised labels as punycode, IPv6 without brackets; `*.app.localhost` for every
	 * name below it; `undefined` for every host.
	 */
	readonly host: string | undefined;
	/** Spelled as `tidy` does. Starts with a slash, and ends with one only if it is nothing else. */
	readonly prefix: string;
	/** Matched in place of a prefix, against path and query. */
	readonly pattern: RegExp | undefined;
}

/** What every request matches. */
export const everything: Match = Object.freeze({
	text: '/',
	host: undefined,
	prefix: '/',
	pattern: undefined,
});

const forms =
	'a route matches a path such as /api, a host such as api.localhost or *.app.localhost, or both: app.test/admin';

/**
 * Reads what a route is to match: `/api`, `api.localhost`, `app.test/admin`, `*.app.localhost`, or `^/api/.*`,
 * a regular expression as Vite has them.
 *
 * @param text as a person writes it: hosts in any case, with or without a trailing dot, internationalised
 *   or not, IPv6 in brackets
 * @param where what the value is called, for the error's text
 * @throws UserError `option-invalid`
 */
export function parseMatch(text: string, where = 'match'): Match {
	const refuse = (why: string, hint = forms, cause?: unknown): never => {
		const options = cause === undefined ? {hint} : {hint, cause};
		throw new UserError('option-invalid', `${where}: ${why}, got ${JSON.stringify(text)}`, options);
	};
	const trimmed = text.trim();
	if (trimmed === '') {
		refuse('expected a path or a host');
	}
	if (trimmed.startsWith('^')) {
		return {text: trimmed, host: undefined, prefix: '/', pattern: parsePattern(trimmed, refuse)};
	}
	if (/^[a-z][a-z\d+.-]*:\/\//i.test(trimmed)) {
		const rest = trimmed.replace(/^[^:]*:\/\//, '').replace(/:\d+(?=\/|$)/, '');
		refuse('expected no scheme', `every route is served by HTTPS: write ${JSON.stringify(rest)}`);
	}
	const slash = trimmed.indexOf('/');
	const hostText = slash < 0 ? trimmed : trimmed.slice(0, slash);
	const host = hostText === '' ? undefined : parseHost(hostText, refuse);
	const prefix = slash < 0 ? '/' : parsePrefix(trimmed.slice(slash), refuse);
	const path = prefix === '/' && host !== undefined ? '' : prefix;
	const name = host?.includes(':') ? `[${host}]` : host;
	return {text: `${name ?? ''}${path}`, host, prefix, pattern: undefined};
}

type Refuse = (why: string, hint?: string, cause?: unknown) => never;

function parsePattern(text: string, refuse: Refuse): RegExp {
	try {
		return new RegExp(text);
	} catch (error) {
		const why = error instanceof Error ? error.message.replace(/^.*\/: /, '') : 'unknown error';
		return refuse(`expected a regular expression (${why})`, 'such as ^/api/v[12]/', error);
	}
}

function parseHost(text: string, refuse: Refuse): string {
	const port = /^(\[.*\]|[^:]*):\d*$/.exec(text);
	if (port !== null) {
		refuse('a route matches every port', `leave the port out: ${JSON.stringify(port[1])}`);
	}
	const isWildcard = text.startsWith('*.');
	const bare = isWildcard ? text.slice(2) : text;
	if (bare.includes('*')) {
		refuse('a wildcard stands for whole labels in front', 'such as *.app.localhost');
	}
	let name: ReturnType<typeof parseName>;
	try {
		name = parseName(bare);
	} catch (error) {
		const hint = /^[\w-]+$/.test(text) ? `for a path, write ${JSON.stringify(`/${text}`)}` : forms;
		return refuse('expected a host or a path', hint, error);
	}
	if (name.kind === 'dns' && /^[\w-]+$/.test(bare) && name.text !== 'localhost' && !isWildcard) {
		refuse(
			'a host of one word leads nowhere',
			`did you mean the path ${JSON.stringify(`/${text}`)}, or the host ${JSON.stringify(`${text}.localhost`)}?`,
		);
	}
	if (name.kind === 'ip' && (isWildcard || (name.text.includes(':') && !text.startsWith('[')))) {
		return isWildcard
			? refuse('there is nothing below an address')
			: refuse('expected brackets around the address', `write [${name.text}]`);
	}
	return isWildcard ? `*.${name.text}` : name.text;
}

function parsePrefix(text: string, refuse: Refuse): string {
	if (/[?#]/.test(text)) {
		refuse('a route matches neither query nor fragment', 'give the path alone');
	}
	if (/[\u0000-\u001f\u007f]/.test(text)) {
		refuse('expected a path without control characters');
	}
	if (text.includes('*')) {
		const bare = text.slice(0, text.indexOf('*')).replace(/\/?$/, '') || '/';
		refuse(
			'a path stands for all that is below it, and needs no wildcard',
			`write ${JSON.stringify(bare)}, or a regular expression such as ^/api/v[12]/`,
		);
	}
	const spelled = tidy(Buffer.from(text.normalize(), 'utf8').toString('latin1'));
	const {path} = resolve(spelled);
	if (path !== spelled || readingsOf(spelled).size > 1) {
		refuse('expected a path that all servers read alike', `such as ${JSON.stringify(path)}`);
	}
	return path.length > 1 ? path.replace(/\/$/, '') : path;
}
