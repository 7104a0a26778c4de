import {once} from 'node:events';
import {createServer, type ServerHttp2Stream} from 'node:http2';
import {type AddressInfo, connect, type Socket} from 'node:net';
import test, {type ExecutionContext} from 'ava';
import {errorCode} from '../../../../../lib/forward/wire/http2/framing/errors.js';
import {flag, frameType, preface} from '../../../../../lib/forward/wire/http2/framing/frames.js';
import {encodeFields, noDynamicTable} from '../../../../../lib/forward/wire/http2/hpack/encoder.js';
import {type Frame, frame, frameCutter} from './frames.js';
import {type GeneratedSection, sectionsFrom} from './generated-sections.js';

// A part of what is promised, so that it is over soon; SEALPORT_SPEC_FULL asks for the whole.
const isWhole = process.env.SEALPORT_SPEC_FULL !== undefined;
const count = isWhole ? 1_000_000 : 3000;

const perConnection = 5000;
const perBatch = 50;

const empty = Buffer.alloc(0);

/** Node's server, and what it makes of the fields that come. */
async function startServer(t: ExecutionContext, headerTableSize: number) {
	const server = createServer({settings: {headerTableSize}});
	const seen: string[][] = [];
	const take = (stream: ServerHttp2Stream, _: unknown, _flags: unknown, rawHeaders: string[]) => {
		seen.push(rawHeaders);
		stream.on('error', () => {});
		stream.respond({':status': 204}, {endStream: true});
	};
	server.on('stream', take);
	server.on('session', session => session.on('error', () => {}));
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	t.teardown(() => server.close());
	return {port: (server.address() as AddressInfo).port, seen};
}

/** A connection to it, of which only the ends of streams and of the connection are looked at. */
class Client {
	/** How many streams the server has ended. */
	ended = 0;
	readonly #socket: Socket;
	readonly #waiting = new Set<{
		readonly match: (frame: Frame) => boolean;
		readonly heard: () => void;
	}>();
	#stream = 1;

	constructor(t: ExecutionContext, port: number) {
		this.#socket = connect(port, '127.0.0.1').setNoDelay();
		t.teardown(() => this.#socket.destroy());
		this.#socket.on('error', () => {});
		const cut = frameCutter(0);
		this.#socket.on('data', bytes => {
			for (const one of cut(bytes)) {
				this.#take(one);
			}
		});
		this.#socket.write(Buffer.concat([preface, frame(frameType.settings, flag.none, 0, empty)]));
	}

	/** Sends field blocks, each as a request. */
	send(blocks: readonly Uint8Array[]): void {
		const frames = blocks.flatMap(block => {
			const frames = framesOf(block, this.#stream);
			this.#stream += 2;
			return frames;
		});
		this.#socket.write(Buffer.concat(frames));
	}

	/** Resolves with the next frame for which `match` holds. */
	async next(match: (frame: Frame) => boolean): Promise<void> {
		await new Promise<void>(resolve => {
			const waiting = {
				match,
				heard: () => {
					this.#waiting.delete(waiting);
					resolve();
				},
			};
			this.#waiting.add(waiting);
		});
	}

	close(): void {
		this.#socket.destroy();
	}

	#take(one: Frame): void {
		if (one.type === frameType.settings && (one.flags & flag.ack) === 0) {
			this.#socket.write(frame(frameType.settings, flag.ack, 0, empty));
		}
		if (one.type === frameType.headers && (one.flags & flag.endStream) !== 0) {
			this.ended++;
		}
		for (const {match, heard} of this.#waiting) {
			if (match(one)) {
				heard();
			}
		}
	}
}

/** HEADERS, and CONTINUATION for what does not fit. */
function framesOf(block: Uint8Array, stream: number): Buffer[] {
	const frames: Buffer[] = [];
	for (let start = 0; start === 0 || start < block.length; start += 16_384) {
		const isFirst = start === 0;
		const isLast = start + 16_384 >= block.length;
		const flags = (isFirst ? flag.endStream : 0) | (isLast ? flag.endHeaders : 0);
		const type = isFirst ? frameType.headers : frameType.continuation;
		frames.push(frame(type, flags, stream, block.subarray(start, start + 16_384)));
	}
	return frames;
}

test(`what is encoded nghttp2 decodes to the same fields, ${count} times`, async t => {
	t.timeout(isWhole ? 3 * 60 * 60 * 1000 : 400_000);
	const {port, seen} = await startServer(t, 4096);
	const seed = Math.floor(Math.random() * 2 ** 31);
	t.log(`seed ${seed}`);
	const next = sectionsFrom(seed);
	let done = 0;
	while (done < count) {
		const client = new Client(t, port);
		const most = Math.min(count - done, perConnection);
		for (let sent = 0; sent < most; ) {
			const batch = Array.from({length: Math.min(perBatch, most - sent)}, next);
			sent += batch.length;
			client.send(batch.map(({fields}) => encodeFields(fields.flat())));
			await client.next(() => client.ended === sent);
			compare(t, seen.splice(0), batch);
		}
		done += most;
		client.close();
	}
	t.is(done, count);
});

function compare(t: ExecutionContext, seen: string[][], sent: readonly GeneratedSection[]): void {
	const expected = sent.map(({fields}) => fields.flat());
	if (JSON.stringify(seen) !== JSON.stringify(expected)) {
		t.deepEqual(seen, expected);
	}
}

const get = encodeFields([':method', 'GET', ':scheme', 'http', ':path', '/', ':authority', 'a']);
const isAck = ({type, flags}: Frame) => type === frameType.settings && (flags & flag.ack) !== 0;

test('a peer that made the table smaller is told that there is none', async t => {
	const {port, seen} = await startServer(t, 0);
	const client = new Client(t, port);
	await client.next(isAck);
	client.send([Buffer.concat([noDynamicTable, get]), get]);
	await client.next(() => client.ended === 2);
	t.is(seen.length, 2);
});

test('a peer that made the table smaller, and is not told, ends the connection', async t => {
	const {port, seen} = await startServer(t, 0);
	const client = new Client(t, port);
	await client.next(isAck);
	const goaway = client.next(
		({type, payload}) =>
			type === frameType.goaway && payload.readUInt32BE(4) === errorCode.compressionError,
	);
	client.send([get]);
	await goaway;
	t.is(seen.length, 0);
});
