import type {RequestListener} from 'node:http';
import {attempts} from './attempts.js';

/**
 * Serves the page that makes all attempts, and what it needs for them. Where they go stands in the page's
 * own address, which `pagePath` makes.
 */
export const servePage: RequestListener = (request, response) => {
	const {pathname, searchParams} = new URL(request.url ?? '/', 'http://page');
	const to = searchParams.get('to') ?? '';
	if (pathname === '/bounce') {
		response.writeHead(Number(searchParams.get('status')), {
			location: to,
			'access-control-allow-origin': '*',
		});
		response.end();
	} else if (pathname === '/reported') {
		response.setHeader('content-security-policy', `script-src 'none'; report-uri ${to}`);
		html(response, '<script>0</script>');
	} else if (pathname === '/worker.js') {
		response.setHeader('content-type', 'text/javascript');
		response.end("onmessage = ({data}) => fetch(data, {mode: 'no-cors'})");
	} else {
		response.setHeader('referrer-policy', searchParams.get('referrer') ?? '');
		html(response, `<!doctype html><title>page</title><body><script>${script}</script>`);
	}
};

/** What a page needs beside `servePage`: paths that are not attempts. */
export const isOfPage = (path: string): boolean =>
	/^\/(page|bounce|reported|worker\.js)/.test(path);

/**
 * The path of a page that makes all attempts.
 *
 * @param to origin that they are for
 * @param referrer its Referrer-Policy; the browser's own by default
 * @param via origin of the server that is asked for redirects; the page's own by default
 * @param later it makes them when its function `begin` is called, and not at once
 */
export function pagePath(to: string, {referrer = '', via = '', later = ''} = {}): string {
	return `/page?${new URLSearchParams({to, referrer, via, later})}`;
}

/** Where the attempts of a page go: each has its own path, `/try/image`. */
export const pathOfAttempt = (name: string): string => `/try/${name}`;

function html(response: Parameters<RequestListener>[1], text: string): void {
	response.setHeader('content-type', 'text/html');
	response.end(text);
}

const script = `'use strict';
const asked = new URLSearchParams(location.search);
const base = asked.get('to');
const via = asked.get('via') || location.origin;
function put(text, pick = '*') {
	const room = document.createElement('div');
	document.body.append(room);
	room.innerHTML = text;
	return room.querySelector(pick);
}
function frame(address) {
	const element = document.createElement('iframe');
	element.src = address;
	document.body.append(element);
}
function attempt(name, run) {
	const to = base + '${pathOfAttempt('')}' + name;
	const bounce = status => via + '/bounce?' + new URLSearchParams({status, to});
	const reported = location.origin + '/reported?' + new URLSearchParams({to});
	const source = text => 'const to = ' + JSON.stringify(to) + ';' + text;
	try {
		Promise.resolve(run({name, to, bounce, reported, source})).catch(() => undefined);
	} catch (error) {
		console.log(name + ': ' + error);
	}
}
function begin() {
${attempts
	.map(
		({name, script}) =>
			`attempt(${JSON.stringify(name)}, async ({name, to, bounce, reported, source}) => { ${script} });`,
	)
	.join('\n')}
}
if (asked.get('later')) {
	globalThis.begin = begin;
} else {
	begin();
}
`.replaceAll('</', '<\\/');
