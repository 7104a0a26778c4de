/** Takes a target apart: its path, and its query with the question mark, or empty. */
export function splitTarget(target: string): readonly [path: string, query: string] {
	const mark = target.indexOf('?');
	return mark < 0 ? [target, ''] : [target.slice(0, mark), target.slice(mark)];
}

/**
 * Spells a path in one way (RFC 3986 section 6.2.2): what may stand in a path as it is is not encoded, and
 * all else is, in upper case. Encoded slashes, backslashes and semicolons stay encoded, and so do percent
 * signs: nothing is decoded twice. Dots, slashes and backslashes stay where they are.
 *
 * @param path octets as latin1, without query
 */
export function tidy(path: string): string {
	return path.replace(/%([\da-f]{2})|[^\w\-.~!$&'()*+,;=:@/\\]/gi, (written, digits?: string) => {
		const octet = digits === undefined ? written.charCodeAt(0) : Number.parseInt(digits, 16);
		const character = String.fromCharCode(octet);
		return digits !== undefined && /[\w\-.~!$&'()*+,=:@]/.test(character)
			? character
			: `%${octet.toString(16).toUpperCase().padStart(2, '0')}`;
	});
}

/** What `tidy` would change, or `resolve`, or what is read differently by different servers. */
const odd = /[^\w\-.~!$&'()*+,=:@/]|\/(?:\/|\.\.?(?:\/|$))/;

/** Whether a path is spelled in the only way that there is to spell it. */
export function isPlain(path: string): boolean {
	return !odd.test(path);
}

/** A path without dot segments and empty segments. */
export interface Resolved {
	/** A slash at its end is kept. */
	readonly path: string;
	/** Whether its dot segments lead above the root, where RFC 3986 drops them. */
	readonly climbs: boolean;
}

/**
 * Removes dot segments as RFC 3986 section 5.2.4 does, to which an empty segment is a segment, and empty
 * segments afterwards.
 *
 * @param path tidy
 */
export function resolve(path: string): Resolved {
	const kept: string[] = [];
	let climbs = false;
	let isLeaf = false;
	for (const segment of path.slice(1).split('/')) {
		isLeaf = segment !== '' && segment !== '.' && segment !== '..';
		if (segment === '..') {
			climbs = kept.pop() === undefined || climbs;
		} else if (segment !== '.') {
			kept.push(segment);
		}
	}
	const named = kept.filter(segment => segment !== '');
	const end = isLeaf || named.length === 0 ? '' : '/';
	return {path: `/${named.join('/')}${end}`, climbs};
}
