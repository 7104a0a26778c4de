import {createHash} from 'node:crypto';

const entities: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
};

/** Makes text safe inside an HTML element and inside a quoted attribute. */
export function escapeHtml(text: string): string {
	return text.replace(/[&<>"']/g, character => entities[character] ?? character);
}

/** The Content-Security-Policy source that allows exactly this inline script or style (CSP Level 3). */
export function inlineSource(content: string): string {
	return `'sha256-${createHash('sha256').update(content, 'utf8').digest('base64')}'`;
}

/** Parts of a page that needs nothing but itself. */
export interface Page {
	readonly title: string;
	readonly style: string;
	/** HTML of the body, without the script. */
	readonly body: string;
	/** Inline script, put at the end of the body. */
	readonly script?: string;
	/** Policy beyond the inline style and script: `connect-src 'self'`. */
	readonly policy?: readonly string[];
	/** HTML to put into the head. */
	readonly head?: string;
}

/**
 * Puts a page together, with the policy that lets it run nothing but its own style and script.
 *
 * @returns the document, and the value of its `content-security-policy` header
 */
export function document(page: Page): {html: string; contentSecurityPolicy: string} {
	const {script} = page;
	const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(page.title)}</title>
${page.head ?? ''}<style>${page.style}</style>
</head>
<body>
${page.body}${script === undefined ? '' : `\n<script>${script}</script>`}
</body>
</html>
`;
	const policy = [
		"default-src 'none'",
		`style-src ${inlineSource(page.style)}`,
		...(script === undefined ? [] : [`script-src ${inlineSource(script)}`]),
		"base-uri 'none'",
		"form-action 'none'",
		"frame-ancestors 'none'",
		...(page.policy ?? []),
	];
	return {html, contentSecurityPolicy: policy.join('; ')};
}
