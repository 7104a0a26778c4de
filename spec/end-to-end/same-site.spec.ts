import {once} from 'node:events';
import {readFile} from 'node:fs/promises';
import anyVersion, {type ExecutionContext} from 'ava';
import {WebSocket} from 'ws';
import type {Refusal} from '../../lib/index.js';
import {runSealport} from '../helpers/cli.js';
import {fetchHttp1} from '../helpers/fetch.js';
import {home} from '../helpers/home.js';
import {startRecording} from '../helpers/recording-backend.js';
import {startTunnel} from '../helpers/tunnel.js';
import {until} from '../helpers/until.js';
import {fetchAs, openClient, test, webSocketAs} from '../helpers/versions.js';

/** A protected backend, and what was told of refusals. */
async function guarded(t: ExecutionContext) {
	const backend = await startRecording(t);
	const tunnel = await startTunnel(t, backend.port, {sameSiteOnly: true, names: ['app.test']});
	const refusals: Refusal[] = [];
	tunnel.on('refusal', refusal => refusals.push(refusal));
	const own = `https://localhost:${tunnel.port}`;
	return {backend, tunnel, refusals, own};
}

test('what programs send, and pages that are served here, reaches the backend', async t => {
	const {tunnel, refusals, own} = await guarded(t);
	for (const headers of [
		{},
		{'sec-fetch-mode': 'cors'},
		{origin: own, 'sec-fetch-site': 'same-origin'},
		{origin: own.replace('localhost', 'app.test'), 'sec-fetch-site': 'cross-site'},
		{origin: 'null', 'sec-fetch-site': 'same-origin'},
		{'sec-fetch-site': 'none'},
	]) {
		const {status} = await fetchAs(t, tunnel, '/a', {method: 'POST', headers, body: 'b'});
		t.is(status, 200, JSON.stringify(headers));
	}
	t.deepEqual(refusals, []);
	t.is(tunnel.refusals.get('same-site'), undefined);
});

test('what pages of other origins send does not, and each refusal is told and counted', async t => {
	const {backend, tunnel, refusals, own} = await guarded(t);
	const all = [
		{origin: 'https://evil.test'},
		{origin: own.replace('https', 'http')},
		{origin: 'https://localhost:9', 'sec-fetch-site': 'same-site'},
		{origin: own, 'sec-fetch-site': 'cross-site'},
		{origin: 'null'},
		{Origin: [own, own]},
		{'sec-fetch-site': 'cross-site'},
		{'sec-fetch-site': ['same-origin', 'same-origin']},
		{referer: 'https://evil.test/'},
	];
	for (const headers of all) {
		const answer = await fetchAs(t, tunnel, '/a?b', {method: 'POST', headers, body: 'b'});
		t.is(answer.status, 403, JSON.stringify(headers));
		t.is(answer.headers['sealport-error'], 'access-denied');
	}
	t.is(backend.received, '');
	await until('all are told', () => refusals.length === all.length);
	t.is(tunnel.refusals.get('same-site'), all.length);
	const [first] = refusals;
	t.like(first, {policy: 'same-site', status: 403, what: `POST ${own}/a?b`});
	t.is(first?.reason, 'a page of "https://evil.test" has sent it, which is not served here');
});

test('a preflight from elsewhere gets no field that would let the page go on', async t => {
	const {backend, tunnel} = await guarded(t);
	const {status, rawHeaders} = await fetchAs(t, tunnel, '/a', {
		method: 'OPTIONS',
		headers: {
			origin: 'https://evil.test',
			'access-control-request-method': 'DELETE',
			'access-control-request-headers': 'x-a',
			'sec-fetch-site': 'cross-site',
		},
	});
	t.is(status, 403);
	t.deepEqual(
		rawHeaders.filter(name => /^access-control/i.test(name)),
		[],
	);
	t.is(backend.received, '');
});

test('a WebSocket opens for pages that are served here, and for no others', async t => {
	const {backend, tunnel, own} = await guarded(t);
	for (const origin of ['https://evil.test', 'null', own.replace('https', 'http')]) {
		const socket = new WebSocket(`${own}/a`, {origin, ...webSocketAs(t, tunnel)});
		const [error] = await once(socket, 'error');
		t.regex(String(error), /403/, origin);
	}
	t.is(backend.received, '');
	for (const options of [{origin: own}, {origin: own.replace('localhost', 'app.test')}, {}]) {
		const socket = new WebSocket(`${own}/a`, {...options, ...webSocketAs(t, tunnel)});
		await once(socket, 'open');
		socket.send('a');
		const [message] = await once(socket, 'message');
		t.is(String(message), 'a');
		socket.terminate();
	}
});

test('each request of a connection is judged by itself', async t => {
	const {tunnel, own} = await guarded(t);
	const client = await openClient(t, tunnel);
	const host = own.slice('https://'.length);
	const ask = async (path: string, origin: string) => {
		const before = client.received.length;
		client.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${origin}\r\n\r\n`);
		await until('an answer', () => /HTTP\/1.1 \d+/.test(client.received.slice(before)));
		return /HTTP\/1.1 (\d+)/.exec(client.received.slice(before))?.[1];
	};
	for (const round of ['first', 'second']) {
		t.is(await ask('/a', own), '200', round);
		t.is(await ask('/a', own), '200', round);
		t.is(await ask('/a', 'https://evil.test'), '403', round);
		t.is(await ask('/a', 'https://evil.test'), '403', round);
	}
});

anyVersion(
	'the command line takes it as a flag, and says on one line what it has refused',
	async t => {
		const backend = await startRecording(t);
		const run = runSealport(t, home, [
			String(backend.port),
			...['--port', '0', '--json', '--same-site-only'],
		]);
		const {port, ca} = await run.listening();
		const tunnel = {port, ca: await readFile(ca ?? '', 'utf8')};
		const headers = {origin: 'https://evil\x9b.test'};
		const {status} = await fetchHttp1(tunnel, '/a', {headers});
		t.is(status, 403);
		await run.says(
			/refused: GET https:\/\/localhost:\d+\/a from [^\n]*: policy same-site: a page of "https:\/\/evil\\x9b.test" has sent it, which is not served here\n/,
		);
		t.is(backend.received, '');
	},
);
