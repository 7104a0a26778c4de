import {frame} from './frames.js';
import {settingIds} from './names.js';
import type {Http2Peer} from './peer.js';

/** Keeps count of what is sent, for those who want to keep to the windows of the other side, or not to. */
export interface Sender {
	/** Octets that may be sent on a stream, by its window and that of the connection. */
	left(stream: number): number;
	/** Octets that may be sent on the connection. */
	readonly connection: number;
	/** Sends DATA, whether it may or not. @returns the octets that count */
	data(stream: number, octets: number, padding?: number): number;
	/** Sends so many octets in frames as large as may be, and waits for the windows. */
	send(stream: number, octets: number): Promise<void>;
}

/** Octets that the other side has ever let through: on a stream, or, on 0, on the connection. */
function granted({frames}: Http2Peer, on: number): number {
	let window = 65_535;
	for (const {type, stream, payload, ack} of frames) {
		if (type === 'WINDOW_UPDATE' && stream === on) {
			window += payload.readUInt32BE(0);
		}
		for (let at = 0; on > 0 && type === 'SETTINGS' && !ack && at < payload.length; at += 6) {
			if (payload.readUInt16BE(at) === settingIds.INITIAL_WINDOW_SIZE) {
				window = payload.readUInt32BE(at + 2);
			}
		}
	}
	return window;
}

/** Sends bodies over a connection on which nothing has been sent yet. */
export function sender(client: Http2Peer): Sender {
	const sent = new Map<number, number>();
	const count = (on: number) => sent.get(on) ?? 0;
	const each: Sender = {
		left: stream => Math.min(granted(client, stream) - count(stream), each.connection),
		get connection() {
			return granted(client, 0) - count(0);
		},
		data(stream, octets, padding) {
			const length = octets + (padding === undefined ? 0 : padding + 1);
			sent.set(stream, count(stream) + length);
			sent.set(0, count(0) + length);
			const options = padding === undefined ? {} : {padding};
			client.send(frame.data(stream, 'x'.repeat(octets), options));
			return length;
		},
		async send(stream, octets) {
			for (let rest = octets; rest > 0; ) {
				const most = Math.min(rest, 16_384, each.left(stream));
				if (most > 0) {
					rest -= each.data(stream, most);
				} else {
					await client.next({type: 'WINDOW_UPDATE'});
				}
			}
		},
	};
	return each;
}
