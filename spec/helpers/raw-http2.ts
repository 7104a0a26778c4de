import type {ExecutionContext} from 'ava';
import type {Tunnel} from '../../lib/index.js';
import {openTls} from './raw-client.js';

/** A frame as it came (RFC 9113 section 4.1). */
export interface Frame {
	readonly type: 'data' | 'headers' | 'reset' | 'goaway' | 'other';
	readonly stream: number;
	readonly endStream: boolean;
	readonly payload: Buffer;
}

/** An HTTP/2 connection that sends what no HTTP/2 library would. */
export interface RawHttp2 {
	/** Sends a field section as it is, with no field left out, added or checked. */
	headers(stream: number, fields: ReadonlyArray<[string, string]>, endStream?: boolean): void;
	data(stream: number, text: string, endStream?: boolean): void;
	/** Sends RST_STREAM. */
	reset(stream: number, code: number): void;
	/** Resolves with the first frame, of all that came and will come, for which `match` holds. */
	frame(match: (frame: Frame) => boolean): Promise<Frame>;
	/** Closes the connection without a word. */
	vanish(): void;
}

const types = {data: 0, headers: 1, reset: 3, goaway: 7};
const typeNames: Readonly<Record<number, Frame['type']>> = {
	0: 'data',
	1: 'headers',
	3: 'reset',
	7: 'goaway',
};

function frameOf(type: number, flags: number, stream: number, payload: Buffer): Buffer {
	const head = Buffer.alloc(9);
	head.writeUIntBE(payload.length, 0, 3);
	head.writeUInt8(type, 3);
	head.writeUInt8(flags, 4);
	head.writeUInt32BE(stream, 5);
	return Buffer.concat([head, payload]);
}

/** A literal without indexing and without Huffman coding (RFC 7541 section 6.2.2), under 127 bytes. */
function literal(text: string): Buffer {
	const bytes = Buffer.from(text, 'latin1');
	if (bytes.length > 126) {
		throw new Error('longer than this encoder writes');
	}
	return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}

/** Opens an HTTP/2 connection to a tunnel, closed when the spec ends. */
export async function openRawHttp2(t: ExecutionContext, tunnel: Tunnel): Promise<RawHttp2> {
	const client = await openTls(t, tunnel, 'h2');
	client.write(
		Buffer.concat([
			Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
			frameOf(4, 0, 0, Buffer.alloc(0)),
		]),
	);
	const frames = function* (): Generator<Frame> {
		const bytes = Buffer.from(client.received, 'latin1');
		for (let at = 0; at + 9 <= bytes.length; ) {
			const length = bytes.readUIntBE(at, 3);
			if (at + 9 + length > bytes.length) {
				return;
			}
			yield {
				type: typeNames[bytes.readUInt8(at + 3)] ?? 'other',
				endStream: (bytes.readUInt8(at + 4) & 1) === 1,
				stream: bytes.readUInt32BE(at + 5),
				payload: bytes.subarray(at + 9, at + 9 + length),
			};
			at += 9 + length;
		}
	};
	return {
		headers(stream, fields, endStream = true) {
			const block = fields.flatMap(([name, value]) => [
				Buffer.from([0]),
				literal(name),
				literal(value),
			]);
			client.write(frameOf(types.headers, endStream ? 5 : 4, stream, Buffer.concat(block)));
		},
		data(stream, text, endStream = false) {
			client.write(frameOf(types.data, endStream ? 1 : 0, stream, Buffer.from(text)));
		},
		reset(stream, code) {
			client.write(frameOf(types.reset, 0, stream, Buffer.from([0, 0, 0, code])));
		},
		async frame(match) {
			for (;;) {
				for (const frame of frames()) {
					if (match(frame)) {
						return frame;
					}
				}
				await client.more();
			}
		},
		vanish() {
			client.socket.destroy();
		},
	};
}
