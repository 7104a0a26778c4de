import {createServer} from 'node:http2';
import {Duplex} from 'node:stream';
import {frame} from '../../helpers/http2/frames.js';
import {frameTypes, preface} from '../../helpers/http2/names.js';
import {cut} from './cut.js';

/** What node:http2, and so nghttp2, makes of field blocks that come one after the other. */
export interface NodeDecoding {
	/** Names and values in turns, by the number of the block; those that are no request are left out. */
	readonly sections: ReadonlyMap<number, readonly string[]>;
	/** Code of its GOAWAY, if it has sent one. */
	readonly code: number | undefined;
}

const turn = () => new Promise(resolve => setImmediate(resolve));

/** Has node:http2 read the blocks, each as a request on a connection. */
export async function decodeByNode(blocks: readonly Buffer[]): Promise<NodeDecoding> {
	const sections = new Map<number, readonly string[]>();
	const server = createServer({
		maxHeaderListPairs: 10_000,
		maxSessionInvalidFrames: 10_000,
		maxSessionRejectedStreams: 10_000,
		settings: {enableConnectProtocol: true, maxHeaderListSize: 2 ** 20},
	} as Parameters<typeof createServer>[0]);
	server.on('session', session => session.on('error', () => undefined));
	server.on('stream', (...given: unknown[]) => {
		const [stream, , , raw] = given as [
			{id: number; on(event: 'error', heard: () => void): void; close(): void},
			unknown,
			unknown,
			string[],
		];
		stream.on('error', () => undefined);
		sections.set((stream.id - 1) / 2, raw);
		stream.close();
	});
	const sent: Buffer[] = [];
	const connection = new Duplex({
		read: () => undefined,
		write(chunk: Buffer, _encoding, done) {
			sent.push(Buffer.from(chunk));
			done();
		},
	});
	connection.on('error', () => undefined);
	server.emit('connection', connection);
	const frames = blocks.map((block, index) => frame.headers(index * 2 + 1, block));
	connection.push(Buffer.concat([preface, frame.settings(), ...frames]));
	for (let turns = 0; turns < 6; turns++) {
		await turn();
	}
	connection.destroy();
	server.close();
	const goaway = cut(Buffer.concat(sent), 0).frames.find(({type}) => type === frameTypes.GOAWAY);
	return {sections, code: goaway?.payload.readUInt32BE(4)};
}
