import test from 'ava';
import {openRawHttp2} from './client.js';
import {expectAlive} from './expect.js';
import {type Fields, fieldBlock} from './fields.js';
import {frame} from './frames.js';
import type {Http2Stage} from './stage.js';

/** Fields for a path of its own, or the block that they make. */
export type FieldsOf = (path: string) => Fields | Buffer;

let last = 0;

/**
 * Declares that each of these header sections makes a request malformed (RFC 9113 section 8.1.1): its stream is
 * reset with PROTOCOL_ERROR, with and without a body, nothing of it reaches the backend, and the connection
 * works.
 */
export function malformed(
	stageOf: () => Http2Stage,
	rows: ReadonlyArray<readonly [title: string, fieldsOf: FieldsOf]>,
): void {
	for (const [title, fieldsOf] of rows) {
		test(`${title} is malformed`, async t => {
			const {tunnel, hasSeen} = stageOf();
			const client = await openRawHttp2(t, tunnel);
			const path = `/malformed/${++last}`;
			const fields = fieldsOf(path);
			const block = Buffer.isBuffer(fields) ? fields : fieldBlock(fields);
			client.send(
				frame.headers(1, block),
				frame.headers(3, block, {endStream: false}),
				frame.data(3, 'body', {endStream: true}),
			);
			await client.peek({type: 'RST_STREAM', stream: 1});
			await client.peek({type: 'RST_STREAM', stream: 3});
			await expectAlive(t, client);
			t.deepEqual(
				client.frames
					.filter(({type}) => type === 'RST_STREAM' || type === 'GOAWAY' || type === 'HEADERS')
					.slice(0, -1)
					.map(({type, stream, code}) => [type, stream, code]),
				[1, 3].map(stream => ['RST_STREAM', stream, 'PROTOCOL_ERROR']),
			);
			t.false(hasSeen(path));
		});
	}
}

/** Declares that requests with each of these are served. */
export function proper(
	stageOf: () => Http2Stage,
	rows: ReadonlyArray<readonly [title: string, fieldsOf: FieldsOf]>,
): void {
	for (const [title, fieldsOf] of rows) {
		test(`${title} is served`, async t => {
			const {tunnel, hasSeen} = stageOf();
			const client = await openRawHttp2(t, tunnel);
			const path = `/proper/${++last}`;
			const fields = fieldsOf(path);
			client.send(frame.headers(1, Buffer.isBuffer(fields) ? fields : fieldBlock(fields)));
			t.is((await client.response(1)).status, 200);
			t.true(hasSeen(path));
			await expectAlive(t, client);
		});
	}
}
