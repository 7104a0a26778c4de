import {document, escapeHtml} from '../page/html.js';
import {look, mark} from '../page/look.js';
import {terminalHtml} from '../page/terminal.js';
import {terminalStyle} from '../page/terminal-look.js';

/** What a failure page says. All of it is text, from wherever it comes. */
export interface Failure {
	/** HTTP status code: 502. */
	readonly status: number;
	/** A few words: `The backend does not answer`. */
	readonly title: string;
	/** What failed, with which value, and why. */
	readonly message: string;
	/** What to do next. */
	readonly hint?: string | undefined;
	/** For those who look closer, such as a system's own words. */
	readonly detail?: string | undefined;
	/** What the backend's process has printed last, as a terminal got it. */
	readonly output?: string | undefined;
	/**
	 * The page watches its own address and reloads itself when an answer comes that is not a failure
	 * of Sealport's. Only for answers to GET: any other request would be repeated by reloading.
	 */
	readonly reload: boolean;
}

/** The header that marks an answer as Sealport's own failure, by which a page knows that it lasts. */
export const failureHeader = 'sealport-error';

/** What pages with one card on them look like. */
export const cardStyle = `${look}
body { min-height: 100vh; min-height: 100dvh; display: grid; align-items: center; }
main { width: 100%; max-width: 44rem; display: grid; gap: 1.5rem; padding-block: 2rem 6vh; }
.card { display: grid; gap: 1.1rem; padding: clamp(1.25rem, 5vw, 2.25rem); }
.status { font-family: var(--mono); font-size: 0.9rem; color: var(--bad); }
h1 { font-size: clamp(1.5rem, 5vw, 2.1rem); margin-top: -0.7rem; }
p { overflow-wrap: anywhere; }
p::first-letter { text-transform: uppercase; }
.hint { background: var(--wash); border-radius: 0.6rem; padding: 0.75rem 1rem; }
pre { margin: 0; font-family: var(--mono); font-size: 0.82rem; color: var(--soft); white-space: pre-wrap; overflow-wrap: anywhere; }
.output { display: grid; gap: 0.5rem; min-width: 0; }
footer { display: flex; flex-wrap: wrap; align-items: center; gap: 0.75rem 1.5rem; }
.watch { display: inline-flex; align-items: center; gap: 0.6rem; font-size: 0.9rem; }
.watch[hidden] { display: none; }
.watch::before { content: ""; flex: none; width: 0.6rem; height: 0.6rem; border-radius: 50%; background: var(--warn); }
@media (prefers-reduced-motion: no-preference) {
	.watch::before { animation: breathe 2s ease-in-out infinite; }
	@keyframes breathe { 50% { opacity: 0.25; } }
}
`;

// A poll that hangs would stop the watch, since no other starts before it has ended.
const script = `'use strict';
let underway = false;
async function poll() {
	if (underway || document.hidden) return;
	underway = true;
	try {
		const response = await fetch(location.href, {
			method: 'HEAD',
			cache: 'no-store',
			redirect: 'manual',
			headers: {accept: 'text/html'},
			signal: AbortSignal.timeout(15000),
		});
		if (!response.headers.has('${failureHeader}')) {
			clearInterval(timer);
			location.reload();
			return;
		}
	} catch {
		// Not even Sealport answers: go on watching.
	}
	underway = false;
}
const timer = setInterval(poll, 1000);
document.addEventListener('visibilitychange', poll);
document.getElementById('watch').hidden = false;
`;

const watching = `<p class="watch soft" id="watch" role="status" hidden>Watching; this page reloads itself when the backend is back.</p>
<noscript><p class="soft">Reload this page when the backend is back.</p></noscript>`;

/**
 * The page that a browser gets for a failure that Sealport answers itself.
 *
 * @returns the document, and the value of its `content-security-policy` header
 */
export function failurePage(failure: Failure): {html: string; contentSecurityPolicy: string} {
	const {status, title, message, hint, detail, reload} = failure;
	const output = failure.output?.trimEnd() ?? '';
	const parts = [
		`<p class="status">${status}</p>`,
		`<h1>${escapeHtml(title)}</h1>`,
		`<p>${escapeHtml(message)}</p>`,
		// What it printed last tells more than what can be said without it.
		output === '' ? '' : terminal(output),
		hint === undefined || output !== '' ? '' : `<p class="hint">${escapeHtml(hint)}</p>`,
		detail === undefined ? '' : `<pre>${escapeHtml(detail)}</pre>`,
		`<footer><a href="">Try again</a>${reload ? watching : ''}</footer>`,
	];
	return document({
		title: `${status} ${title}`,
		style: output === '' ? cardStyle : cardStyle + terminalStyle,
		body: `<main>
<p class="brand">${mark}Sealport</p>
<div class="card">
${parts.filter(part => part !== '').join('\n')}
</div>
</main>`,
		...(reload ? {script, policy: ["connect-src 'self'"]} : {}),
	});
}

function terminal(output: string): string {
	return `<section class="output" aria-labelledby="output">
<h2 id="output">The last lines of its output</h2>
<div class="terminal" role="group" aria-labelledby="output" tabindex="0"><pre>${terminalHtml(output)}</pre></div>
</section>`;
}
