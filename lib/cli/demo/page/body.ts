import {mark} from '../../../page/look.js';

const unknown = '<span class="soft">asking…</span>';

function pair(term: string, id: string): string {
	return `<div><dt>${term}</dt><dd id="${id}">${unknown}</dd></div>`;
}

function card(id: string, heading: string, aside: string, content: string): string {
	return `<section class="card" aria-labelledby="${id}-heading">
<header><h2 id="${id}-heading">${heading}</h2>${aside}</header>
${content}
</section>`;
}

function light(id: string): string {
	return `<span class="light" id="${id}" role="status">connecting</span>`;
}

const path = `<ol class="path" aria-label="The way of this page">
<li class="stop"><b>Browser</b><span class="soft" id="path-browser">this one</span></li>
<li class="leg" id="leg-sealed"><b id="path-sealed">HTTPS</b><span class="soft">encrypted</span></li>
<li class="stop here" id="stop-sealport"><b>Sealport</b><span class="soft mono" id="path-origin">localhost</span></li>
<li class="leg plain"><b id="path-plain">HTTP/1.1</b><span class="soft">plain text</span></li>
<li class="stop"><b>Backend</b><span class="soft mono" id="path-backend">127.0.0.1</span></li>
</ol>`;

const negotiated = `<dl>
${pair('Protocol', 'tls-http')}
${pair('TLS', 'tls-version')}
${pair('Cipher', 'tls-cipher')}
</dl>
<p class="note soft" id="tls-note">No backend can see these. Sealport tells the demo what its handshakes agreed on.</p>`;

const forwarded = `<dl>
${pair('X-Forwarded-For', 'x-forwarded-for')}
${pair('X-Forwarded-Proto', 'x-forwarded-proto')}
${pair('X-Forwarded-Host', 'x-forwarded-host')}
${pair('X-Forwarded-Port', 'x-forwarded-port')}
</dl>
<p class="note soft">All that Sealport adds to a request.</p>`;

const clock = `<p class="time" id="clock">--:--:--</p>
<p class="note soft" id="clock-note">One event a second, passed on as it comes.</p>`;

const echo = `<form id="echo-form">
<label class="hidden" for="echo-text">Message to send</label>
<input id="echo-text" autocomplete="off" maxlength="200" placeholder="Say something">
<button>Send</button>
</form>
<ol class="log" id="echo-log" aria-live="polite" aria-label="Replies"></ol>`;

const context = `<p id="context-note">Asking the browser…</p>
<ul class="checks" id="context-checks"></ul>`;

const headers = `<p class="mono line" id="request-line"></p>
<table><thead class="hidden"><tr><th scope="col">Name</th><th scope="col">Value</th></tr></thead>
<tbody id="request-headers"></tbody></table>`;

/** The demo page's body, with an id on each part that its script fills in. */
export const body = `<main>
<header class="top">
<p class="brand">${mark}Sealport</p>
<h1 id="title">This page arrived sealed.</h1>
<p class="lead soft" id="lead">Your browser spoke HTTPS to Sealport. Sealport opened it and spoke plain HTTP to a small backend on this machine.</p>
<noscript><p class="lead">Everything below is filled in by a script. Turn JavaScript on to see it.</p></noscript>
</header>
${path}
<div class="grid">
${card('negotiated', 'Negotiated', '', negotiated)}
${card('forwarded', 'Forwarded to the backend', '', forwarded)}
${card('context', 'Secure context', '', context)}
${card('clock', 'Server-sent events', light('clock-light'), clock)}
${card('echo', 'WebSocket echo', light('echo-light'), echo)}
${card('request', 'What the backend received', '', headers)}
</div>
</main>`;
