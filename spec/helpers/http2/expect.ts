import type {ExecutionContext} from 'ava';
import {get} from './fields.js';
import {frame} from './frames.js';
import type {ErrorCode} from './names.js';
import type {Http2Peer} from './peer.js';

/** Codes of which each will do. */
export type Codes = ErrorCode | readonly ErrorCode[];

/** Codes as a list. */
export const listed = (codes: Codes = []): readonly string[] =>
	typeof codes === 'string' ? [codes] : codes;

/** Beyond the streams that specs open themselves, so that they need not know of these. */
let lastProbe = 1_000_001;

/**
 * Asserts that the connection works: PING is answered, and so is a request on a new stream.
 *
 * @param path of what the backend answers with 2xx, by default without a body, so that it needs no window
 */
export async function expectAlive(
	t: ExecutionContext,
	client: Http2Peer,
	path = '/empty',
): Promise<void> {
	const stream = lastProbe + 2;
	lastProbe = stream;
	const octets = String(stream).padStart(8, ' ');
	client.send(frame.ping(octets), frame.headers(stream, get(path)));
	await client.next(
		({type, ack, payload}) => type === 'PING' && ack && payload.toString() === octets,
	);
	const {status, body} = await client.response(stream);
	t.true(status >= 200 && status < 300, `status ${status}: ${body}`);
}

/** Asserts that one stream is reset with this code, once, and that the connection works. */
export async function expectStreamError(
	t: ExecutionContext,
	client: Http2Peer,
	stream: number,
	codes: Codes,
): Promise<void> {
	const reset = await client.next(
		({type, stream: on}) => type === 'GOAWAY' || (type === 'RST_STREAM' && on === stream),
	);
	t.is(reset.type, 'RST_STREAM', `GOAWAY ${reset.code}`);
	t.true(listed(codes).includes(reset.code ?? ''), `RST_STREAM ${reset.code}`);
	await expectAlive(t, client);
	const resets = client.frames.filter(({type}) => type === 'RST_STREAM' || type === 'GOAWAY');
	t.deepEqual(
		resets.map(({type, stream: on, code}) => [type, on, code]),
		[['RST_STREAM', stream, reset.code]],
	);
}

/**
 * Asserts that the connection is ended with this code: GOAWAY comes, and then the end.
 *
 * @returns the last stream that GOAWAY names
 */
export async function expectConnectionError(
	t: ExecutionContext,
	client: Http2Peer,
	codes: Codes,
): Promise<number> {
	const goaway = await client.next({type: 'GOAWAY'});
	t.true(listed(codes).includes(goaway.code ?? ''), `GOAWAY ${goaway.code}`);
	t.is(goaway.stream, 0);
	const frames = await client.closed();
	t.is(frames.filter(({type}) => type === 'GOAWAY').length, 1);
	return goaway.payload.readUInt32BE(0);
}

/** Resolves when what was sent so far has been read: the PING behind it has been answered. */
export async function settled(client: Http2Peer, octets = 'barrier!'): Promise<void> {
	client.send(frame.ping(octets));
	await client.next(
		({type, ack, payload}) => type === 'PING' && ack && payload.toString() === octets,
	);
}
