import {ProxyError} from '../../errors.js';
import type {Applicant, Policy} from '../../forward/seams.js';
import {printable} from '../../printable.js';
import {type Arrival, arrivalAnswer} from './arrival-page.js';
import {type Kinship, kinshipOf, originOfReferer} from './page-origin.js';

const name = 'same-site';

/**
 * Refuses what pages of other origins make a browser send: by Origin, by Sec-Fetch-Site (W3C Fetch Metadata)
 * and, where these leave it open, by Referer. Programs send none of them and are admitted.
 *
 * A link from another site gets a page of ours with a link to go on by, since that is how people come back
 * from a sign-in elsewhere.
 *
 * @param serves whether a host's pages come from here, and may send what they like. Lower case, IPv6 without
 * brackets
 */
export function sameSitePolicy(serves: (host: string) => boolean): Policy {
	return {
		name,
		admit(applicant) {
			const reason = objection(applicant, serves);
			return reason === undefined ? undefined : refusal(reason, applicant, serves);
		},
	};
}

/** Why a request is not to go on, or `undefined`. */
function objection(applicant: Applicant, serves: (host: string) => boolean): string | undefined {
	const {authority} = applicant;
	const origins = applicant.values('origin');
	const sites = applicant.values('sec-fetch-site');
	if (origins.length > 1 || sites.length > 1) {
		return `the request has more than one ${origins.length > 1 ? 'Origin' : 'Sec-Fetch-Site'}`;
	}
	const [origin] = origins;
	const [site] = sites;
	if (site !== undefined && !kin.has(site)) {
		return `"${printable(site)}" is no Sec-Fetch-Site that is known`;
	}
	if (origin === undefined) {
		return site === 'same-origin' ? undefined : byReferer(applicant, site, serves);
	}
	if (origin === 'null') {
		// What a page with `Referrer-Policy: no-referrer` posts to its own origin has that Origin, too.
		return site === 'same-origin'
			? undefined
			: 'a page without an origin has sent it (Origin: null)';
	}
	return disagreement(kinshipOf(origin, authority, serves), site, origin);
}

/** What a page can be that a browser says each of. Of hosts that are siblings it knows nothing. */
const kin: ReadonlyMap<string, readonly Kinship[]> = new Map([
	['same-origin', ['own']],
	['none', ['own', 'sibling']],
	// What goes from one's own origin to itself is neither, unless it was redirected elsewhere on its way.
	['same-site', ['sibling']],
	['cross-site', ['sibling']],
]);

function disagreement(
	kinship: Kinship,
	site: string | undefined,
	origin: string,
): string | undefined {
	const page = `a page of "${printable(origin)}"`;
	if (kinship === 'foreign') {
		return `${page} has sent it, which is not served here`;
	}
	return site === undefined || kin.get(site)?.includes(kinship)
		? undefined
		: `${page} has sent it, but the browser calls that ${site}: it came by way of another site`;
}

function byReferer(
	applicant: Applicant,
	site: string | undefined,
	serves: (host: string) => boolean,
): string | undefined {
	const [referer, ...more] = applicant.values('referer');
	if (more.length > 0) {
		return 'the request has more than one Referer';
	}
	if (referer !== undefined) {
		const origin = originOfReferer(referer);
		return disagreement(kinshipOf(origin, applicant.authority, serves), site, origin);
	}
	return site === undefined || site === 'none'
		? undefined
		: `a page of another origin has sent it (Sec-Fetch-Site: ${site})`;
}

function refusal(
	reason: string,
	applicant: Applicant,
	serves: (host: string) => boolean,
): ProxyError {
	const arrival = arrivalOf(applicant);
	return new ProxyError('access-denied', 'downstream', reason, {
		policy: name,
		...(arrival === undefined
			? {hint: 'only pages that are served here may send requests here (--same-site-only)'}
			: {answer: arrivalAnswer(arrival, strangerOf(applicant, serves))}),
	});
}

/** What has come with a person, where a window shows the answer: other answers are seen by nobody. */
function arrivalOf(applicant: Applicant): Arrival | undefined {
	const isShown =
		applicant.values('sec-fetch-mode').join() === 'navigate' &&
		applicant.values('sec-fetch-dest').join() === 'document';
	return isShown ? (applicant.method === 'GET' ? 'link' : 'form') : undefined;
}

/** The origin of somebody else that is named: that of a page of ours is not who has sent a person here. */
function strangerOf(applicant: Applicant, serves: (host: string) => boolean): string | undefined {
	const referers = applicant.values('referer').map(originOfReferer);
	return [...applicant.values('origin'), ...referers].find(
		origin => origin !== 'null' && kinshipOf(origin, applicant.authority, serves) === 'foreign',
	);
}
