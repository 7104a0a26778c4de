import type {ProxyError} from '../../../../errors.js';
import {answerFor} from '../../../failure.js';
import {answerBlock} from '../response.js';
import type {Prepared} from './prepared.js';

const nothing = Buffer.alloc(0);

/** What a client is told of what failed. */
export function answerTo(
	error: ProxyError,
	{requested: {method}, accept}: Prepared,
): {readonly status: number; readonly block: Buffer; readonly body: Buffer} {
	const {status, headers, body} = answerFor(error, {method, headers: ['accept', accept]});
	return {
		status,
		block: answerBlock(status, headers),
		body: method === 'HEAD' ? nothing : body,
	};
}
