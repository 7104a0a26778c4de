import {once} from 'node:events';
import {request} from 'node:https';
import {WebSocket} from 'ws';
import type {Endpoint} from './endpoint.js';
import type {Owner} from './owner.js';
import {until} from './until.js';

/** An event stream and a WebSocket that stay open. */
export interface LongLived {
	/** All that the event stream has brought. */
	readonly heard: string;
	/** Sends a message by the WebSocket, and resolves with what comes back. */
	ask(message: string): Promise<string>;
}

/** Opens `/events` and a WebSocket. */
export async function openLongLived(t: Owner, {port, ca}: Endpoint): Promise<LongLived> {
	const socket = new WebSocket(`wss://localhost:${port}/`, {ca: ca ?? ''});
	await once(socket, 'open');
	let heard = '';
	const events = request({host: 'localhost', port, ca, path: '/events', agent: false}, response =>
		response.setEncoding('utf8').on('data', chunk => {
			heard += chunk;
		}),
	);
	events.end();
	t.teardown(() => {
		socket.terminate();
		events.destroy();
	});
	await until('the event stream is open', () => heard !== '');
	return {
		get heard() {
			return heard;
		},
		async ask(message) {
			const answered = once(socket, 'message');
			socket.send(message);
			return String((await answered)[0]);
		},
	};
}
