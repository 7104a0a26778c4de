import {createReadStream, createWriteStream} from 'node:fs';
import {finished} from 'node:stream/promises';
import {BulkCheck, writeBulk} from '../bulk.js';
import {size} from './work.js';

/** Writes what is to be uploaded to a file. */
export async function writeBulkFile(path: string): Promise<void> {
	const stream = createWriteStream(path);
	await writeBulk(stream, size);
	stream.end();
	await finished(stream);
}

/**
 * Reads what was downloaded, and returns how much it was.
 *
 * @param most stops reading there
 * @throws when it is not what was sent
 */
export async function readBulkFile(path: string, most = Number.POSITIVE_INFINITY): Promise<number> {
	const check = new BulkCheck();
	for await (const chunk of createReadStream(path)) {
		check.add(chunk);
		if (check.received >= most) {
			break;
		}
	}
	return check.received;
}
