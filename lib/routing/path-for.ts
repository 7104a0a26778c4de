import {ProxyError} from '../errors.js';
import type {Route} from '../forward/seams.js';
import {printable} from '../printable.js';
import {asReference, readingsOf} from './readings.js';
import {isPlain, resolve, splitTarget, tidy} from './spelling.js';
import type {RouteSettings} from './table.js';

/**
 * Makes what gives the path to ask a route's backend for: the prefix that matched is taken off, the path
 * is rewritten, the backend's base put in front. What none of these change stays as it came.
 */
export function pathsFor({match, backend, stripPrefix, rewrite}: RouteSettings): Route['pathFor'] {
	const {base} = backend;
	const segments = stripPrefix ? match.prefix.split('/').filter(Boolean) : [];
	if (base === '' && segments.length === 0 && rewrite === undefined) {
		return target => target;
	}
	const cuts = segments.length > 0;
	return target => {
		const [path, query] = splitTarget(target);
		const rest = withoutPrefix(path, segments);
		const cut = rest === undefined ? undefined : `${rest === '' ? '/' : rest}${query}`;
		if (cut !== undefined && (isPlain(path) || !leadsOut(cut, cuts))) {
			const result = rewrite === undefined ? cut : rewritten(rewrite, cut, match.text);
			if (isPlain(path) || !leadsOut(result, cuts || rewrite !== undefined)) {
				return base + result;
			}
		}
		throw new ProxyError(
			'request-malformed',
			'downstream',
			`to some servers the path "${printable(path)}" leads out of ${cuts ? match.prefix : base || '/'}`,
			{hint: 'ask for it without dot segments, doubled slashes, and what is encoded without need'},
		);
	};
}

/** What lies behind the prefix, as it came; `undefined` unless it is written there segment by segment. */
function withoutPrefix(path: string, segments: readonly string[]): string | undefined {
	let start = 0;
	for (const segment of segments) {
		const slash = path.indexOf('/', start + 1);
		const end = slash < 0 ? path.length : slash;
		if (tidy(path.slice(start + 1, end)) !== segment) {
			return undefined;
		}
		start = end;
	}
	return path.slice(start);
}

/** Whether any server would go above where a path begins, or take it for a host, which it was not before it was `cut`. */
function leadsOut(target: string, cut: boolean): boolean {
	const [path] = splitTarget(target);
	if (isPlain(path)) {
		return false;
	}
	const readings = [...readingsOf(path)];
	const goesAstray = (reading: string) =>
		resolve(reading).climbs || (cut && asReference(reading).length > 0);
	return readings.length === 0 || readings.some(goesAstray);
}

function rewritten(rewrite: (path: string) => string, path: string, route: string): string {
	const fail = (what: string, cause?: unknown) =>
		new ProxyError(
			'function-failed',
			'internal',
			`the rewrite of the route ${printable(route)} ${what} for "${printable(path)}"`,
			{cause, hint: 'correct the function, which is to return the path to ask the backend for'},
		);
	let result: unknown;
	try {
		result = rewrite(path);
	} catch (error) {
		throw fail('threw an error', error);
	}
	if (result instanceof Promise) {
		// Nobody waits for it, and Node ends the process for one that fails unheard.
		result.catch(() => undefined);
		throw fail('returned a promise');
	}
	if (typeof result !== 'string') {
		throw fail(`returned ${result === null ? 'null' : typeof result}`);
	}
	const rooted = result.startsWith('/') ? result : `/${result}`;
	if (!/^[\x21-\x7e\x80-\xff]*$/.test(rooted)) {
		throw fail(`returned "${printable(rooted)}", which no request can ask for,`);
	}
	return rooted;
}
