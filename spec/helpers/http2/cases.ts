import test, {type ExecutionContext} from 'ava';
import {type ClientOptions, type Http2Client, openRawHttp2} from './client.js';
import {type Codes, expectAlive, listed} from './expect.js';
import {frame} from './frames.js';
import type {Frame} from './peer.js';
import type {Http2Stage} from './stage.js';

/** What may come of frames; where there is more than one, the RFC leaves the choice. */
export interface Allowed {
	/** The connection is ended with one of these codes. */
	readonly connection?: Codes;
	/** The stream is reset with one of these codes, and the connection works. */
	readonly stream?: readonly [stream: number, codes: Codes];
	/** No error of any kind, and the connection works. */
	readonly nothing?: true;
	/** The stream is answered with this status, 200 to 299 without one, and the connection works. */
	readonly served?: readonly [stream: number, status?: number];
}

/** What goes before, such as a request that is answered. */
export type Prelude = (client: Http2Client, stage: Http2Stage) => Promise<void>;

/** One requirement: its section and words, what is sent, and what may come of it. */
export type Case = readonly [
	title: string,
	allowed: Allowed,
	frames: readonly Buffer[],
	prelude?: Prelude | undefined,
	options?: ClientOptions,
];

export const connection = (codes: Codes): Allowed => ({connection: codes});
export const stream = (number: number, codes: Codes): Allowed => ({stream: [number, codes]});
export const nothing: Allowed = {nothing: true};
export const served = (number = 1, status?: number): Allowed => ({
	served: status === undefined ? [number] : [number, status],
});

/**
 * Declares a test for each case, in which its frames come in one piece, and one in which they come octet by
 * octet, unless they are many.
 */
export function cases(stageOf: () => Http2Stage, rows: readonly Case[]): void {
	for (const [title, allowed, frames, prelude, options] of rows) {
		const bytes = Buffer.concat(frames);
		const pieces = bytes.length > 1000 ? ['whole'] : ['whole', 'octet by octet'];
		for (const how of pieces) {
			test(how === 'whole' ? title : `${title} (${how})`, async t => {
				const stage = stageOf();
				const client = await openRawHttp2(t, stage.tunnel, options);
				await prelude?.(client, stage);
				const before = client.frames.length;
				if (how === 'whole') {
					client.send(bytes);
				} else {
					await client.burst(Array.from(bytes, octet => Buffer.from([octet])));
				}
				await expectAllowed(t, client, allowed, before);
			});
		}
	}
}

const isError = ({type}: Frame) => type === 'GOAWAY' || type === 'RST_STREAM';

/** Asserts that what comes of the frames sent last is allowed. */
export async function expectAllowed(
	t: ExecutionContext,
	client: Http2Client,
	{connection, stream, served, nothing}: Allowed,
	before = 0,
): Promise<void> {
	const isNew = (frame: Frame) => client.frames.indexOf(frame) >= before;
	if (served !== undefined) {
		const {status} = await client.response(served[0]);
		t.true(status === served[1] || (served[1] === undefined && status < 300), `status ${status}`);
	} else if (nothing === undefined) {
		await client.next(each => isError(each) && isNew(each));
	} else {
		// What is wrong with frames is known when the PING behind them is answered.
		client.send(frame.ping('anything'));
		await client.next(({type, ack}) => type === 'GOAWAY' || (type === 'PING' && ack));
	}
	const error = client.frames.find(each => isError(each) && isNew(each));
	if (error === undefined) {
		t.true(nothing !== undefined || served !== undefined);
		await expectAlive(t, client);
		t.deepEqual(errorsOf(client.frames.slice(before)), []);
	} else if (error.type === 'GOAWAY') {
		t.true(listed(connection).includes(error.code ?? ''), `GOAWAY ${error.code}`);
		const frames = await client.closed();
		t.is(frames.filter(({type}) => type === 'GOAWAY').length, 1);
	} else {
		t.deepEqual([error.stream], stream?.slice(0, 1) as number[], `RST_STREAM ${error.code}`);
		t.true(listed(stream?.[1]).includes(error.code ?? ''), `RST_STREAM ${error.code}`);
		await expectAlive(t, client);
		t.deepEqual(errorsOf(client.frames.slice(before)), errorsOf([error]));
	}
}

function errorsOf(frames: readonly Frame[]): unknown[] {
	return frames.filter(isError).map(({type, stream, code}) => [type, stream, code]);
}
