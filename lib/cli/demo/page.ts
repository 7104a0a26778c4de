import {document} from '../../page/html.js';
import {look} from '../../page/look.js';
import {body} from './page/body.js';
import {script} from './page/script.js';
import {style} from './page/style.js';

let made: ReturnType<typeof document> | undefined;

/**
 * The page of `sealport demo`: the document, and the value of its `content-security-policy` header.
 * It is the same for everybody; what it shows it fetches itself.
 */
export function demoPage(): {readonly html: string; readonly contentSecurityPolicy: string} {
	made ??= document({
		title: 'Sealport demo',
		head: '<link rel="icon" href="/favicon.svg" type="image/svg+xml">\n',
		style: look + style,
		body,
		script,
		policy: ["connect-src 'self'", "img-src 'self'"],
	});
	return made;
}

/** The mark on its own ground, for a tab. */
export const favicon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#0a6a66"/><g fill="none" stroke="#fffefb" stroke-width="2.6" stroke-linecap="round"><circle cx="16" cy="16" r="10.5"/><circle cx="16" cy="13" r="2.5"/><path d="M16 15.5v2.5"/><path d="M8.5 20.3c2-1.5 3.8-1.5 5.6 0s3.8 1.5 5.6 0 2.5-1.3 3.6-.9"/></g></svg>
`;
