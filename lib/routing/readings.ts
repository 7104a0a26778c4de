import {tidy} from './spelling.js';

/**
 * What servers do with a path before they take it apart, in the order in which they do it. None of it is
 * laid down anywhere: each does some of it, or nothing.
 */
const liberties: ReadonlyArray<(path: string) => string> = [
	// UTF-8 longer than it may be (RFC 3629 section 3), by which old decoders read a slash as two octets.
	path =>
		path.replace(
			/%(?:C([01])|E0%8([01])|F0%80%8([01]))%([89AB])([\dA-F])/g,
			(_, two?: string, three?: string, four?: string, high = '', low = '') => {
				const above = Number(two ?? three ?? four) * 64;
				const octet = above + (Number.parseInt(high, 16) % 4) * 16 + Number.parseInt(low, 16);
				return tidy(`%${octet.toString(16).padStart(2, '0')}`);
			},
		),
	// Programs in C and whatever asks the system for a file end a text there.
	path => path.replace(/%00.*$/, ''),
	// IIS; ASP.NET; what makes a file name of it on Windows.
	path => path.replaceAll('%5C', '\\'),
	// nginx, Go and Python decode before they match; Express, Java and most others afterwards.
	path => path.replaceAll('%2F', '/'),
	// The URL of the WHATWG, which Node's servers are read with, and Windows.
	path => path.replaceAll('\\', '/'),
	path => path.replaceAll('%3B', ';'),
	// Tomcat and Jetty, and before they look for dot segments: `/..;/` is one to them.
	path => path.replace(/;[^/]*/g, ''),
	// nginx, Tomcat and Go do so first; by RFC 3986 `..` takes an empty segment away.
	fold,
];

/** How many characters all readings of a path may have together: nobody means that. */
const most = 2 ** 20;

/**
 * All ways in which servers may read a path that is not plain, each to be given to `resolve`. Where they
 * lead to different routes, nobody knows for which of them the request is.
 *
 * @param path octets as latin1, without query
 * @returns nothing at all where there are too many to look at
 */
export function readingsOf(path: string): ReadonlySet<string> {
	const readings = new Set([tidy(path)]);
	for (const take of liberties) {
		for (const reading of [...readings]) {
			readings.add(take(reading));
		}
		if (readings.size * path.length > most) {
			return new Set();
		}
	}
	return readings;
}

/**
 * The same path to those who take it for a reference (RFC 3986 section 4.2), as `new URL(path, base)` does:
 * `//a/b` names the host a there.
 *
 * @returns nothing where it is no different
 */
export function asReference(reading: string): readonly string[] {
	if (!reading.startsWith('//')) {
		return [];
	}
	const rest = reading.replace(/^\/+[^/]*/, '') || '/';
	return [rest, fold(rest)];
}

function fold(path: string): string {
	return path.replace(/\/{2,}/g, '/');
}
