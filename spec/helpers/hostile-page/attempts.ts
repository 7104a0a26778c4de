/** Which pages get a request of an attempt through to a server that refuses nothing. */
export type Senders =
	/** All. */
	| 'any'
	/** All, if the browser feels like it. */
	| 'perhaps'
	/** Pages that browsers take for secure, which of those without TLS are only pages of localhost. */
	| 'secure'
	/** Pages of the server's own origin: browsers let nobody else. */
	| 'own';

/** A way in which a page makes a browser send a request. */
export interface Attempt {
	readonly name: string;
	readonly senders: Senders;
	/** The page's origin is none (`null`) for the server, whatever page begins with it. */
	readonly isOpaque: boolean;
	/**
	 * JavaScript of a page: `to` is the address to reach, `bounce(status)` one of the page's own server that
	 * redirects there, and `put(html)` puts HTML into the page.
	 */
	readonly script: string;
}

type Script = string;

const any: Readonly<Record<string, Script>> = {
	'fetch-cors': 'fetch(to)',
	'fetch-credentials': "fetch(to, {credentials: 'include'})",
	'fetch-no-cors': "fetch(to, {mode: 'no-cors', credentials: 'include'})",
	'fetch-no-referrer': "fetch(to, {mode: 'no-cors', referrerPolicy: 'no-referrer'})",
	'fetch-head': "fetch(to, {method: 'HEAD', mode: 'no-cors'})",
	'fetch-keepalive': "fetch(to, {mode: 'no-cors', keepalive: true})",
	'fetch-post-text': "fetch(to, {method: 'POST', mode: 'no-cors', body: 'text'})",
	'fetch-post-form':
		"fetch(to, {method: 'POST', mode: 'no-cors', credentials: 'include', body: new URLSearchParams({a: 'b'})})",
	'fetch-post-no-referrer':
		"fetch(to, {method: 'POST', mode: 'no-cors', referrerPolicy: 'no-referrer', body: 'text'})",
	'fetch-post-blob': "fetch(to, {method: 'POST', mode: 'no-cors', body: new Blob(['{}'])})",
	'fetch-post-json':
		"fetch(to, {method: 'POST', headers: {'content-type': 'application/json'}, body: '{}'})",
	'fetch-put': "fetch(to, {method: 'PUT', credentials: 'include', body: 'text'})",
	'fetch-delete': "fetch(to, {method: 'DELETE'})",
	'fetch-own-field': "fetch(to, {headers: {'x-asked': 'yes'}})",
	'xhr-get': "const x = new XMLHttpRequest(); x.open('GET', to); x.send()",
	'xhr-credentials':
		"const x = new XMLHttpRequest(); x.open('GET', to); x.withCredentials = true; x.send()",
	'xhr-post': "const x = new XMLHttpRequest(); x.open('POST', to); x.send('text')",
	'form-get': form('get'),
	'form-post': form('post'),
	'form-multipart': form('post', 'multipart/form-data'),
	'form-text': form('post', 'text/plain'),
	'form-window': form('post', '', 'a window'),
	'form-image': `put('<input type="image" src="' + to + '">')`,
	websocket: "new WebSocket(to.replace('https:', 'wss:'))",
	// Behind a request over HTTP/2 it goes by the same connection (RFC 8441).
	'websocket-later': `fetch(to + '-first', {mode: 'no-cors'}).finally(() => new WebSocket(to.replace('https:', 'wss:')))`,
	'event-source': 'new EventSource(to)',
	'event-source-credentials': 'new EventSource(to, {withCredentials: true})',
	image: "put('<img src=\"' + to + '\">')",
	'image-cors': `put('<img crossorigin="use-credentials" src="' + to + '">')`,
	'image-set': `put('<img srcset="' + to + ' 2x, ' + to + ' 1x">')`,
	'svg-image': `put('<svg><image href="' + to + '"/></svg>')`,
	script: "const s = document.createElement('script'); s.src = to; document.body.append(s)",
	module: 'import(to)',
	stylesheet: `put('<link rel="stylesheet" href="' + to + '">')`,
	'style-import': "put('<style>@import url(' + to + ')</style>')",
	background: `put('<p style="background: url(' + to + ')">x</p>')`,
	font: `put('<style>@font-face { font-family: f; src: url(' + to + ') }</style><p style="font-family: f">x</p>')`,
	video: `put('<video preload="auto" src="' + to + '"></video>')`,
	audio: `put('<audio preload="auto" src="' + to + '"></audio>')`,
	object: `put('<object data="' + to + '" width="9" height="9"></object>')`,
	embed: `put('<embed src="' + to + '" width="9" height="9">')`,
	frame: "put('<iframe src=\"' + to + '\"></iframe>')",
	'frame-no-referrer': `put('<iframe referrerpolicy="no-referrer" src="' + to + '"></iframe>')`,
	'frame-refresh':
		"put('<iframe srcdoc=\\'<meta http-equiv=refresh content=\"0; url=' + to + '\">\\'></iframe>')",
	preload: `put('<link rel="preload" as="image" href="' + to + '">')`,
	beacon: "navigator.sendBeacon(to, 'text')",
	'beacon-blob': "navigator.sendBeacon(to, new Blob(['a=b'], {type: 'text/plain'}))",
	worker:
		'new Worker(URL.createObjectURL(new Blob([\'fetch("\' + to + \'", {mode: "no-cors"})\'])))',
	'worker-import': "new Worker(URL.createObjectURL(new Blob(['importScripts(\"' + to + '\")'])))",
	window: 'open(to)',
	'window-no-opener': "open(to, '_blank', 'noopener,noreferrer')",
	'window-moved': "const w = open('about:blank'); w.location = to",
	link: `put('<a target="_blank" href="' + to + '">x</a>').click()`,
	'link-no-referrer': `put('<a target="_blank" rel="noreferrer" href="' + to + '">x</a>').click()`,
	'bounced-fetch': "fetch(bounce(302), {mode: 'no-cors', credentials: 'include'})",
	'bounced-fetch-cors': 'fetch(bounce(307))',
	'bounced-post': "fetch(bounce(307), {method: 'POST', mode: 'no-cors', body: 'text'})",
	'bounced-image': "put('<img src=\"' + bounce(302) + '\">')",
	'bounced-frame': "put('<iframe src=\"' + bounce(302) + '\"></iframe>')",
	'bounced-window': 'open(bounce(302))',
	'bounced-form': form('post', '', 'a frame', 'bounce(307)'),
	'bounced-form-window': form('post', '', 'a window', 'bounce(308)'),
	'policy-report': "put('<iframe src=\"' + reported + '\"></iframe>')",
};

const secure: Readonly<Record<string, Script>> = {
	'service-worker': `navigator.serviceWorker.register('/worker.js')
		.then(() => navigator.serviceWorker.ready)
		.then(({active}) => active.postMessage(to))`,
	'cache-add': `caches.open('a').then(cache => cache.add(new Request(to, {mode: 'no-cors'})))`,
};

const perhaps: Readonly<Record<string, Script>> = {
	'module-preload': `put('<link rel="modulepreload" href="' + to + '">')`,
	prefetch: `put('<link rel="prefetch" href="' + to + '">')`,
	prerender: `const s = document.createElement('script'); s.type = 'speculationrules';
		s.textContent = JSON.stringify({prerender: [{urls: [to], eagerness: 'immediate'}], prefetch: [{urls: [to], eagerness: 'immediate'}]});
		document.body.append(s)`,
	ping: `put('<a target="_blank" ping="' + to + '" href="about:blank">x</a>').click()`,
	icon: `put('<link rel="icon" href="' + to + '">')`,
	'fetch-later': 'fetchLater(to, {activateAfter: 0})',
};

const own: Readonly<Record<string, Script>> = {
	'fetch-same-origin': "fetch(to, {mode: 'same-origin'})",
};

const opaque: Readonly<Record<string, Script>> = {
	'sandbox-fetch': sandbox("fetch(to, {mode: 'no-cors'})"),
	'sandbox-post': sandbox("fetch(to, {method: 'POST', mode: 'no-cors', body: 'text'})"),
	'sandbox-websocket': sandbox("new WebSocket(to.replace('https:', 'wss:'))"),
	'sandbox-form': sandbox(
		"document.body.innerHTML = '<form method=post action=' + to + '></form>'; document.forms[0].submit()",
	),
	'data-fetch': `frame('data:text/html,' + encodeURIComponent('<body><script>' + source("fetch(to, {mode: 'no-cors'})") + '</script>'))`,
	'data-post': `frame('data:text/html,' + encodeURIComponent('<body><script>' + source("fetch(to, {method: 'POST', mode: 'no-cors', body: 'text'})") + '</script>'))`,
};

/** A form that is sent at once, into a frame of its own or a new window. */
function form(method: 'get' | 'post', type = '', target = 'a frame', address = 'to'): Script {
	const isFrame = target === 'a frame';
	return `put('<iframe name="' + name + '"></iframe><form method="${method}" enctype="${type}" target="' + ${isFrame ? 'name' : "'_blank'"} + '" action="' + ${address} + '"><input name="a" value="b"></form>', 'form').submit()`;
}

/** A frame that has no origin, and runs the script. */
function sandbox(script: string): Script {
	return `const f = document.createElement('iframe');
		f.sandbox = 'allow-scripts allow-forms';
		f.srcdoc = '<body><script>' + source(${JSON.stringify(script)}) + '</script>';
		document.body.append(f)`;
}

function all(scripts: Readonly<Record<string, Script>>, senders: Senders, isOpaque = false) {
	return Object.entries(scripts).map(([name, script]) => ({name, script, senders, isOpaque}));
}

/** Every way that is tried. */
export const attempts: readonly Attempt[] = [
	...all(any, 'any'),
	...all(perhaps, 'perhaps'),
	...all(secure, 'secure'),
	...all(own, 'own'),
	...all(opaque, 'any', true),
];
