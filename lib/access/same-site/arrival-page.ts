import type {Answer, ProxyErrorCode} from '../../errors.js';
import {cardStyle, failureHeader} from '../../forward/failure-page.js';
import {document, escapeHtml} from '../../page/html.js';
import {mark} from '../../page/look.js';
import {printable} from '../../printable.js';

const style = `${cardStyle}
.go { display: inline-block; padding: 0.55rem 1.25rem; border-radius: 0.6rem; background: var(--accent); color: var(--card); font-weight: 600; text-decoration: none; }
`;

// A page elsewhere can have this one come up under the pointer of somebody who is clicking there.
const patience = 700;

// What follows the # is lost with an empty link, and a link that differs in it only would load nothing.
const script = `'use strict';
let since = performance.now();
const begin = () => { since = performance.now(); };
addEventListener('focus', begin);
document.addEventListener('visibilitychange', begin);
document.getElementById('go').addEventListener('click', event => {
	const {href, hash} = location;
	if (performance.now() - since < ${patience}) {
		event.preventDefault();
	} else if (hash !== '') {
		event.preventDefault();
		const address = href.slice(0, -hash.length);
		history.replaceState(null, '', address + (address.includes('?') ? '&' : '?'));
		location.replace(href);
	}
});
`;

/** What came with a person: a link to follow, or something else, such as a form, which cannot be sent again. */
export type Arrival = 'link' | 'form';

const says: Readonly<
	Record<Arrival, {readonly title: string; readonly text: string; readonly end: string}>
> = {
	link: {
		title: 'A page of another site has sent you here',
		text: 'What other sites send is kept from this server, since it could do things there in your name. Go on if this is where you want to go, for instance because you have just signed in elsewhere.',
		end: '<a class="go" id="go" href="">Continue</a><span class="soft">Otherwise close this page: nothing has happened yet.</span>',
	},
	form: {
		title: 'A page of another site has sent a form here',
		text: 'What other sites send is kept from this server, since it could do things there in your name. Nothing has been done.',
		end: '<span class="soft">Close this page, or type the address that you want to go to.</span>',
	},
};

/**
 * What a browser shows instead of a page that another site has sent it to: where it comes from, and for a
 * link one to the very same address, which a person has to click. That it is empty is what makes it lead
 * there and nowhere else.
 *
 * @param from origin of that site, hostile text; `undefined` where it is not known
 */
export function arrivalAnswer(arrival: Arrival, from: string | undefined): Answer {
	const code: ProxyErrorCode = 'access-denied';
	const {title, text, end} = says[arrival];
	const site =
		from === undefined ? 'another site' : `<strong>${escapeHtml(printable(from))}</strong>`;
	const {html, contentSecurityPolicy} = document({
		title,
		style,
		body: `<main>
<p class="brand">${mark}Sealport</p>
<div class="card">
<p class="status">403</p>
<h1>${title}</h1>
<p>You come from ${site}. ${text}</p>
<footer>${end}</footer>
</div>
</main>`,
		...(arrival === 'link' ? {script} : {}),
	});
	const body = Buffer.from(html);
	return {
		status: 403,
		reason: 'Forbidden',
		headers: [
			...['Content-Type', 'text/html; charset=utf-8'],
			...['Content-Length', String(body.length)],
			...['Cache-Control', 'no-store'],
			...[failureHeader, code],
			...['Content-Security-Policy', contentSecurityPolicy],
			...['X-Frame-Options', 'DENY'],
			...['X-Content-Type-Options', 'nosniff'],
			...['Referrer-Policy', 'no-referrer'],
		],
		body,
	};
}
