import type {ProxyError} from '../../../errors.js';
import {answerFor} from '../../failure.js';
import {rawHeaders} from '../codec/fields.js';
import type {RequestHead} from '../codec/request-head.js';
import type {Outlet} from './outlet.js';

const nothing = Buffer.alloc(0);

/**
 * Tells a client what failed.
 *
 * @param head of its request; `undefined` when it could not be read
 * @param last whether the connection is closed behind it
 * @returns the status
 */
export function writeAnswer(
	outlet: Outlet,
	error: ProxyError,
	head: RequestHead | undefined,
	last: boolean,
): number {
	const {status, reason, headers, body} = answerFor(error, {
		method: head?.method ?? '',
		headers: head === undefined ? [] : rawHeaders(head.bytes, head.fields),
	});
	let text = `HTTP/1.1 ${status} ${reason}\r\n`;
	for (let index = 0; index < headers.length; index += 2) {
		text += `${headers[index]}: ${headers[index + 1]}\r\n`;
	}
	text += last ? 'Connection: close\r\n\r\n' : '\r\n';
	outlet.writeBoth(Buffer.from(text, 'latin1'), head?.method === 'HEAD' ? nothing : body);
	return status;
}
