/** The parameter of a link's query that carries the token. */
export const parameter = 'sealport-token';

/** A link that carries a token. */
export interface Link {
	/** The same without it, everything else byte for byte. */
	readonly rest: string;
	/** What it carries, decoded; the first where there are more. */
	readonly token: string;
}

/**
 * Reads the token out of a target or a URL, however its name is spelled.
 *
 * @returns `undefined` when it has none
 */
export function readLink(target: string): Link | undefined {
	const question = target.indexOf('?');
	if (question < 0) {
		return undefined;
	}
	const parts = target.slice(question + 1).split('&');
	const first = parts.find(isParameter);
	if (first === undefined) {
		return undefined;
	}
	const kept = parts.filter(part => !isParameter(part));
	const query = kept.length === 0 ? '' : `?${kept.join('&')}`;
	return {rest: target.slice(0, question) + query, token: decode(carriedBy(first))};
}

/** The address that lets a browser in. */
export function linkOf(url: string, token: string): string {
	return `${url}/?${parameter}=${token}`;
}

/** A target as logs may show it: without what the parameter carries. */
export function withoutToken(target: string): string {
	const question = target.indexOf('?');
	if (question < 0) {
		return target;
	}
	// Semicolons as well: a link that was written wrongly still carries a token.
	const parts = target.slice(question + 1).split(/([&;?])/);
	const shown = parts.map(part =>
		isParameter(part) && part.includes('=') ? `${part.slice(0, part.indexOf('='))}=***` : part,
	);
	return `${target.slice(0, question)}?${shown.join('')}`;
}

/** Whether a target or a URL has the token anywhere, however it is spelled. */
export function mentions(target: string, token: string): boolean {
	return target.includes(token) || (target.includes('%') && decode(target).includes(token));
}

function isParameter(part: string): boolean {
	const [name = ''] = part.split('=', 1);
	return decode(name) === parameter;
}

function carriedBy(part: string): string {
	return part.slice(part.indexOf('=') + 1 || part.length);
}

/** Percent-encoded octets (RFC 3986 section 2.1); what is none stays as it is. A plus is a plus. */
function decode(text: string): string {
	return text.replace(/%([\da-f]{2})/gi, (_, octet: string) =>
		String.fromCharCode(Number.parseInt(octet, 16)),
	);
}
