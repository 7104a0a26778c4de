import type {IncomingMessage} from 'node:http';
import {dirname} from 'node:path';
import type {ExecutionContext} from 'ava';
import type {ServeOptions, Tunnel} from '../../../lib/index.js';
import {startBackend} from '../backend.js';
import {clientsOf} from '../client-certificates.js';
import {startTunnel} from '../tunnel.js';
import {agreeTo} from '../websocket-upgrade.js';

/** A tunnel that asks for client certificates, and who may come. */
export interface Guarded {
	readonly tunnel: Tunnel;
	readonly caFile: string;
	/** What has reached the backend: the name that it was told, for each request. */
	readonly seen: ReadonlyArray<string | undefined>;
	/** By what they show; nothing for `none`. */
	readonly clients: Awaited<ReturnType<typeof clientsOf>>;
}

/** The names of all who are refused where alice alone is let in. */
export const refused = ['bob', 'expired', 'early', 'foreign', 'server'] as const;

/**
 * Starts a tunnel that lets nobody but alice in, before a backend that answers with the name that it is told. A
 * WebSocket says it first thing, and then what it is told.
 */
export async function openGuarded(
	t: ExecutionContext,
	options: Partial<ServeOptions> = {},
): Promise<Guarded> {
	const seen: Array<string | undefined> = [];
	const note = ({headers}: IncomingMessage) => {
		const name = headers['sealport-client'];
		seen.push(typeof name === 'string' ? name : undefined);
		return `hello ${seen.at(-1)}`;
	};
	const {port, server} = await startBackend(t, (request, response) => {
		response.setHeader('content-type', 'text/plain');
		response.end(note(request));
	});
	server.on('upgrade', (request, socket) => {
		const key = request.headers['sec-websocket-key'];
		const text = note(request);
		socket.on('error', () => undefined);
		socket.on('end', () => socket.end());
		socket.write(agreeTo(key === undefined ? '' : `\r\nsec-websocket-key: ${key}\r\n`));
		// A text frame without a mask (RFC 6455 section 5.2).
		socket.write(Buffer.concat([Buffer.from([0x81, text.length]), Buffer.from(text)]));
		t.teardown(() => socket.destroy());
	});
	const tunnel = await startTunnel(t, port, {mtls: ['alice'], ...options});
	const {caFile = ''} = tunnel;
	return {tunnel, caFile, seen, clients: await clientsOf(dirname(caFile))};
}
