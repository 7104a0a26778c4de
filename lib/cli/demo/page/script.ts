/**
 * The demo page's script. Whatever comes from the network goes in as text, never as HTML. Kept free
 * of backslashes and of template literals, so that it reads here as it runs there.
 */
export const script = `'use strict';
const at = id => document.getElementById(id);
const set = (id, text) => { at(id).textContent = text; };
const make = (tag, text, name) => {
	const element = document.createElement(tag);
	element.textContent = text;
	if (name) element.className = name;
	return element;
};
const light = (id, state, text) => {
	if (at(id).textContent !== text) set(id, text);
	at(id).dataset.state = state;
};
const read = async path => (await fetch(path, {cache: 'no-store'})).json();

const timeOf = since => new Date(since).toLocaleTimeString([], {hourCycle: 'h23'});

const sealed = location.protocol === 'https:';
const hop = performance.getEntriesByType('navigation')[0]?.nextHopProtocol || '';
const protocolName = {h2: 'HTTP/2', 'http/1.1': 'HTTP/1.1', h3: 'HTTP/3'}[hop] || hop || 'not told by the browser';

set('tls-http', protocolName);
set('path-origin', location.host);
if (!sealed) {
	set('title', 'This page arrived in plain text.');
	set('lead', 'You are looking at the backend itself. Open the https address that Sealport printed to see the difference.');
	at('leg-sealed').remove();
	at('stop-sealport').remove();
}

async function showConnections() {
	const all = await read('/api/connections');
	const mine = sealed && (all.find(entry => entry.alpn === hop) || (hop === '' && all[0]));
	const version = mine ? mine.protocol.replace('TLSv', 'TLS ') : sealed ? 'not recorded' : 'none';
	set('tls-version', version);
	set('tls-cipher', mine ? mine.cipher : sealed ? 'not recorded' : 'none');
	if (!mine) return;
	set('path-sealed', version + ' \u00b7 ' + protocolName);
	set('tls-note', 'No backend can see these: Sealport recorded them at its newest handshake for ' +
		protocolName + ', at ' + timeOf(mine.since) + '.');
}

const secret = name => /^(cookie|authorization)$/i.test(name);

async function showRequest() {
	const {method, path, httpVersion, backend, headers} = await read('/api/request');
	set('request-line', method + ' ' + path + ' HTTP/' + httpVersion);
	set('path-plain', 'HTTP/' + httpVersion);
	set('path-backend', backend);
	for (const end of ['for', 'proto', 'host', 'port']) {
		const name = 'x-forwarded-' + end;
		const values = headers.filter(pair => pair[0].toLowerCase() === name).map(pair => pair[1]);
		set(name, values.join(', ') || 'not sent');
	}
	for (const [name, value] of headers) {
		const row = make('tr', '', /^x-forwarded-/i.test(name) ? 'added' : '');
		const head = make('th', name);
		head.scope = 'row';
		// Cookies of every server on localhost arrive here, and this page is made to be shown around.
		row.append(head, make('td', secret(name) ? 'not shown, ' + value.length + ' characters' : value));
		at('request-headers').append(row);
	}
}

function showContext() {
	set('context-note', isSecureContext
		? 'The browser trusts this origin with:'
		: 'The browser does not trust this origin with all of:');
	for (const [name, there] of [
		['Service workers', 'serviceWorker' in navigator],
		['crypto.subtle', !!globalThis.crypto?.subtle],
		['Clipboard', !!navigator.clipboard],
		['Camera and microphone', !!navigator.mediaDevices],
		['Passkeys', 'PublicKeyCredential' in window],
		['Secure cookies', sealed],
	]) {
		const item = make('li', name);
		item.append(make('span', there ? 'available' : 'missing', there ? 'yes' : ''));
		at('context-checks').append(item);
	}
}

function runClock() {
	const events = new EventSource('/events');
	events.onopen = () => light('clock-light', 'live', 'live');
	events.onerror = () => light('clock-light', 'lost', 'reconnecting');
	events.onmessage = event => {
		const sent = Number(event.data);
		const late = Math.max(0, Date.now() - sent);
		set('clock', timeOf(sent));
		set('clock-note', 'Event ' + event.lastEventId + ' was ' + (late < 1 ? 'less than 1' : late) + ' ms on its way.');
		at('clock-light').classList.remove('beat');
		void at('clock-light').offsetWidth;
		at('clock-light').classList.add('beat');
	};
}

function runEcho() {
	const underway = [];
	let socket;
	const send = text => {
		underway.push(performance.now());
		socket.send(text);
	};
	const connect = () => {
		socket = new WebSocket((sealed ? 'wss://' : 'ws://') + location.host + '/echo');
		socket.onopen = () => {
			light('echo-light', 'live', 'open');
			if (at('echo-log').childElementCount === 0) send('Hello, backend');
		};
		socket.onmessage = event => {
			const took = performance.now() - underway.shift();
			const item = make('li', '');
			item.append(make('span', event.data), make('span', took.toFixed(1) + ' ms'));
			at('echo-log').prepend(item);
			if (at('echo-log').childElementCount > 3) at('echo-log').lastElementChild.remove();
		};
		socket.onclose = () => {
			underway.length = 0;
			light('echo-light', 'lost', 'reconnecting');
			setTimeout(connect, 1000);
		};
	};
	at('echo-form').onsubmit = event => {
		event.preventDefault();
		const text = at('echo-text').value.trim();
		if (text === '' || socket.readyState !== WebSocket.OPEN) return;
		send(text);
		at('echo-text').value = '';
	};
	connect();
}

showContext();
runClock();
runEcho();
showConnections();
showRequest();
`;
