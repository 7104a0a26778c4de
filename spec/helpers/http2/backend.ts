import {createServer, type Http2Server, type ServerOptions} from 'node:http2';
import type {AddressInfo} from 'node:net';
import type {ExecutionContext} from 'ava';
import {startRawBackend} from '../backend.js';
import {until} from '../until.js';
import type {Fields} from './fields.js';
import {frame, type Settings} from './frames.js';
import {preface} from './names.js';
import {type Frame, type Http2Peer, speakHttp2} from './peer.js';
import {readBlock} from './read-block.js';

/** A backend that speaks HTTP/2 as the spec tells it to, frame by frame. */
export interface RawHttp2Backend {
	/** What `serve` is to be given. */
	readonly route: string;
	/** Connections to it, in order, those too that have ended. */
	readonly peers: readonly Http2Peer[];
	/** Resolves with a connection to it, once that is there. */
	peer(index?: number): Promise<Http2Peer>;
	/** Resolves with the next request on a connection, and its stream. */
	request(peer: Http2Peer): Promise<{readonly stream: number; readonly fields: Fields}>;
}

/**
 * Starts one, ended when the spec ends.
 *
 * @param settings what it says first
 */
export async function startRawHttp2Backend(
	t: ExecutionContext,
	settings: Settings | 'nothing' = [],
): Promise<RawHttp2Backend> {
	const peers: Http2Peer[] = [];
	const {port} = await startRawBackend(t, socket => {
		socket.setNoDelay(true);
		const peer = speakHttp2(t, socket, {skip: preface.length});
		if (settings !== 'nothing') {
			peer.send(frame.settings(settings));
		}
		peers.push(peer);
	});
	return {
		route: `h2c://127.0.0.1:${port}`,
		peers,
		async peer(index = 0) {
			await until(`connection ${index}`, () => peers.length > index);
			return peers[index] as Http2Peer;
		},
		async request(peer) {
			const isHead = ({type, flags}: Frame) => type === 'HEADERS' && (flags & 4) !== 0;
			const {stream, payload} = await peer.next(isHead);
			return {stream, fields: readBlock(payload)};
		},
	};
}

/** A backend by Node's HTTP/2 server, without TLS, closed when the spec ends. */
export async function startH2cServer(
	t: ExecutionContext,
	options: ServerOptions = {},
): Promise<{readonly route: string; readonly port: number; readonly server: Http2Server}> {
	const server = createServer(options);
	const sessions = new Set<{destroy(): void}>();
	server.on('session', session => sessions.add(session));
	server.on('stream', stream => stream.on('error', () => undefined));
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	t.teardown(() => {
		server.close();
		for (const session of sessions) {
			session.destroy();
		}
	});
	const {port} = server.address() as AddressInfo;
	return {route: `h2c://127.0.0.1:${port}`, port, server};
}
