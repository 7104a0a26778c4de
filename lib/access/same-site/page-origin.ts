import {parseAuthority} from '../../forward/authority.js';
import type {Authority} from '../../forward/seams.js';

const scheme = 'https://';

/**
 * What the origin of a page is to the host that it sends a request to: the same origin; another host that is
 * served at the same port, and so the same person's; or somebody else's.
 */
export type Kinship = 'own' | 'sibling' | 'foreign';

/**
 * Says what a page is to the host that a request is for.
 *
 * @param origin as Origin has it (RFC 6454 section 6.1): `https://app.localhost:62893`; hostile text
 * @param authority whom the request is for, as the client sees it: its port counts, not that of the listener
 * @param serves whether pages of a host come from here. Lower case, IPv6 without brackets
 */
export function kinshipOf(
	origin: string,
	authority: Authority,
	serves: (host: string) => boolean,
): Kinship {
	// As browsers write both, which spares reading it.
	if (origin === scheme + authority.text) {
		return 'own';
	}
	const page = readOrigin(origin);
	if (page === undefined || portOf(page) !== portOf(authority)) {
		return 'foreign';
	}
	if (page.host === authority.host && isDotted(page) === isDotted(authority)) {
		return 'own';
	}
	return serves(page.host) ? 'sibling' : 'foreign';
}

/** The origin of the page that a Referer names, as text; what is no such address as it is. */
export function originOfReferer(referer: string): string {
	return /^https?:\/\/[^/?#]*/.exec(referer)?.[0] ?? referer;
}

function readOrigin(origin: string): Authority | undefined {
	if (!origin.startsWith(scheme)) {
		return undefined;
	}
	try {
		return parseAuthority(origin.slice(scheme.length));
	} catch {
		return undefined;
	}
}

function portOf({port}: Authority): number {
	return port ?? 443;
}

/** To browsers `localhost.` is another host than `localhost`. */
function isDotted({text}: Authority): boolean {
	return /\.(:\d*)?$/.test(text);
}
