import {once} from 'node:events';
import type {ExecutionContext} from 'ava';
import {connectHeld, type Held} from '../burst.js';
import type {Endpoint} from '../endpoint.js';
import {frame, type Settings} from './frames.js';
import {largest, preface} from './names.js';
import {type Http2Peer, type PeerOptions, speakHttp2} from './peer.js';

export interface ClientOptions extends PeerOptions {
	/** What it sends first, instead of preface and settings; it acknowledges none then unless told to. */
	readonly greeting?: Buffer;
	/** Settings in its first frame, beside that the server is to do without a dynamic table. */
	readonly settings?: Settings;
	/** Whether the server may send as much as it likes; by default it may send 65,535 octets. */
	readonly wide?: boolean;
}

/** A client's side of a connection to a tunnel. */
export type Http2Client = Http2Peer & Pick<Held, 'burst'>;

/** Connects to a tunnel and sends over HTTP/2 what no library would; closed when the spec ends. */
export async function openRawHttp2(
	t: ExecutionContext,
	tunnel: Endpoint,
	{
		greeting,
		settings = [],
		wide = false,
		acks = greeting === undefined,
		...options
	}: ClientOptions = {},
): Promise<Http2Client> {
	const {socket, burst} = connectHeld(tunnel, 'h2');
	const peer = speakHttp2(t, socket, {...options, acks});
	await once(socket, 'secureConnect');
	const windows: Settings = wide ? [['INITIAL_WINDOW_SIZE', largest]] : [];
	const first = frame.settings([['HEADER_TABLE_SIZE', 0], ...windows, ...settings]);
	const update = wide ? [frame.windowUpdate(0, largest - 65_535)] : [];
	peer.send(greeting ?? Buffer.concat([preface, first, ...update]));
	if (greeting === undefined) {
		// Otherwise the acknowledgement might come into the middle of a frame that is sent in pieces.
		await peer.peek({type: 'SETTINGS', ack: false});
	}
	return {...peer, burst};
}
