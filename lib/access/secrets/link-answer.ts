import type {Answer} from '../../errors.js';
import type {Applicant} from '../../forward/seams.js';
import {document, escapeHtml} from '../../page/html.js';
import {look, mark} from '../../page/look.js';
import {cookieName} from './session.js';

/**
 * What a browser gets that has followed the link: the cookie, and the way to the same address without the token.
 *
 * @param rest the target without the token
 * @param session what the cookie is to hold; `undefined` for a browser that has it
 */
export function linkAnswer(applicant: Applicant, rest: string, session?: string): Answer {
	const name = cookieName(applicant.authority);
	const fields = [
		...(session === undefined
			? []
			: ['Set-Cookie', `${name}=${session}; Path=/; Secure; HttpOnly; SameSite=Strict`]),
		...['Cache-Control', 'no-store', 'Referrer-Policy', 'no-referrer'],
	];
	const location = onward(applicant, rest);
	if (!applicant.values('sec-fetch-site').includes('cross-site')) {
		const headers = ['Location', location, 'Content-Length', '0', ...fields];
		return {status: 303, reason: 'See Other', headers, body: Buffer.alloc(0)};
	}
	// A redirect belongs to the chain that another site began, and in that a browser sends no cookie of ours.
	const {html, contentSecurityPolicy} = page(location);
	const body = Buffer.from(html);
	const headers = [
		...['Content-Type', 'text/html; charset=utf-8', 'Content-Length', String(body.length)],
		...['Content-Security-Policy', contentSecurityPolicy, 'X-Content-Type-Options', 'nosniff'],
		...fields,
	];
	return {status: 200, reason: 'OK', headers, body};
}

/** The target as a reference (RFC 3986 section 4.2): what begins with two slashes would name another host. */
function onward({authority}: Applicant, rest: string): string {
	const target = rest.replace(/[^\x21-\x7e]/g, encodeURIComponentOfOctet);
	return /^\/[/\\]/.test(target) ? `https://${authority.text}${target}` : target;
}

function encodeURIComponentOfOctet(octet: string): string {
	return `%${octet.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

const style = `${look}
main { display: grid; gap: 1rem; max-width: 44rem; }
`;

function page(location: string) {
	const address = escapeHtml(location);
	return document({
		title: 'Sealport',
		style,
		head: `<meta http-equiv="refresh" content="0;url=${address}">\n`,
		body: `<main>
<p class="brand">${mark}Sealport</p>
<p>This browser is let in. <a href="${address}">Go on</a></p>
</main>`,
	});
}
