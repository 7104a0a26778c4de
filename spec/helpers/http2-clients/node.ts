import {once} from 'node:events';
import type {ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders} from 'node:http2';
import {text} from 'node:stream/consumers';
import {BulkCheck, writeBulk} from '../bulk.js';
import {half, size} from './work.js';

/** The response to a request; its status has to be 200. */
export async function answered(stream: ClientHttp2Stream): Promise<ClientHttp2Stream> {
	const [headers] = (await once(stream, 'response')) as [IncomingHttpHeaders];
	if (Number(headers[':status']) !== 200) {
		throw new Error(`status ${headers[':status']}`);
	}
	return stream;
}

/**
 * The response to a request as text. It is read from the start: Node 24 takes a stream of which everything has
 * come before anybody iterates over it for one that was cut short.
 */
async function textOf(stream: ClientHttp2Stream): Promise<string> {
	const [body] = await Promise.all([text(stream), answered(stream)]);
	return body;
}

/** Gets a path as text. */
export function get(session: ClientHttp2Session, path: string): Promise<string> {
	return textOf(session.request({':path': path}));
}

/** Downloads, checks what comes, and returns how much that was. */
export async function download(session: ClientHttp2Session): Promise<number> {
	const check = new BulkCheck();
	for await (const chunk of await answered(session.request({':path': '/download'}))) {
		check.add(chunk);
	}
	return check.received;
}

/** Uploads, and returns how much the backend says has come. */
export async function upload(session: ClientHttp2Session): Promise<number> {
	const stream = session.request({':method': 'POST', ':path': '/upload'});
	const answer = textOf(stream);
	await writeBulk(stream, size);
	stream.end();
	return (JSON.parse(await answer) as {received: number}).received;
}

/** Downloads half, resets the stream, and returns how much had come. */
export async function cancelDownload(session: ClientHttp2Session): Promise<number> {
	const stream = await answered(session.request({':path': '/cancelled-download'}));
	const check = new BulkCheck();
	for await (const chunk of stream) {
		check.add(chunk);
		if (check.received >= half) {
			break;
		}
	}
	return check.received;
}

/** Uploads half and resets the stream. */
export async function cancelUpload(session: ClientHttp2Session): Promise<void> {
	const stream = session.request({':method': 'POST', ':path': '/cancelled-upload'});
	await writeBulk(stream, half);
	stream.close(8);
	await once(stream, 'close');
}
