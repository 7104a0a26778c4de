import {once} from 'node:events';
import {type ClientHttp2Session, connect} from 'node:http2';
import {setTimeout as pause} from 'node:timers/promises';
import type {ExecutionContext} from 'ava';
import {WebSocket} from 'ws';
import {onLane} from '../helpers/lanes.js';
import {kills, startMortal} from '../helpers/mortal/backend.js';
import {onLinux} from '../helpers/process.js';
import {startTunnel} from '../helpers/tunnel.js';
import {until} from '../helpers/until.js';
import {fetchAs, onEachVersion, webSocketAs} from '../helpers/versions.js';

const declare = (title: string, exec: (t: ExecutionContext) => unknown) =>
	onLane('wire', onLinux)(title, exec);
const test = (title: string, exec: (t: ExecutionContext) => unknown) =>
	onEachVersion(onLinux, each => onLane('wire', each))(title, exec);

test(`WebSockets and event streams come back at once, ${kills} times`, async t => {
	t.timeout(400_000);
	const backend = await startMortal(t, 'http');
	const tunnel = await startTunnel(t, backend.route, {wait: 30});
	const processes = {sockets: new Set<string>(), events: 0};
	let isOver = false;
	const useSockets = async () => {
		while (!isOver) {
			const socket = new WebSocket(`wss://localhost:${tunnel.port}/`, webSocketAs(t, tunnel));
			t.teardown(() => socket.terminate());
			socket.on('message', pid => processes.sockets.add(String(pid)));
			let isOpen = false;
			socket.on('open', () => {
				isOpen = true;
			});
			// Once it is open, the end of its backend may be an error, and may come before the first message.
			socket.on('error', error => t.true(isOpen || isOver, String(error)));
			await new Promise(resolve => socket.on('close', resolve));
		}
	};
	const useEvents = async () => {
		while (!isOver) {
			// Its end is a cut, which is what becomes of an event stream whose backend has died.
			const answer = await fetchAs(t, tunnel, '/events').catch(() => undefined);
			if (!isOver) {
				t.is(answer, undefined);
			}
			processes.events++;
		}
	};
	const using = Promise.all([useSockets(), useSockets(), useEvents(), useEvents()]);
	let known = 0;
	await backend.ride(async () => {
		await until('a socket is back', () => processes.sockets.size > known);
		known = processes.sockets.size;
	});
	isOver = true;
	await tunnel.close(0);
	await using;
	t.true(processes.sockets.size >= kills);
	t.true(processes.events >= kills);
});

/** Opens a WebSocket on a connection that there is (RFC 8441); what comes is told, without its framing. */
function openOn(session: ClientHttp2Session) {
	const stream = session.request({
		':method': 'CONNECT',
		':protocol': 'websocket',
		':path': '/',
		'sec-websocket-version': '13',
	});
	stream.on('error', () => undefined);
	const state = {status: 0, heard: 0, isOver: false};
	stream.on('response', headers => {
		state.status = Number(headers[':status']);
	});
	stream.on('data', (data: Buffer) => {
		state.heard += data.length;
	});
	stream.on('end', () => stream.end());
	stream.on('close', () => {
		state.isOver = true;
	});
	return state;
}

declare(
	'on one HTTP/2 connection WebSockets end with their backend, and new ones wait for it',
	async t => {
		t.timeout(400_000);
		const backend = await startMortal(t, 'http');
		const {port, ca} = await startTunnel(t, backend.route, {wait: 60});
		const session = connect(`https://localhost:${port}`, {ca: ca ?? ''});
		t.teardown(() => session.destroy());
		await once(session, 'remoteSettings');
		for (let round = 0; round < kills; round++) {
			const open = Array.from({length: 4}, () => openOn(session));
			await until('they are open', () => open.every(({heard}) => heard > 0));
			await backend.kill();
			await until('they are over', () => open.every(({isOver}) => isOver));
			const held = openOn(session);
			await pause(200);
			t.deepEqual(held, {status: 0, heard: 0, isOver: false});
			await backend.start();
			await until('it is open', () => held.heard > 0);
			t.is(held.status, 200);
		}
	},
);
