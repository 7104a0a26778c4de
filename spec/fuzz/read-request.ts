import {validate} from '../../lib/config/options.js';
import {ProxyError} from '../../lib/errors.js';
import {bodyReader} from '../../lib/forward/wire/codec/body.js';
import {headEnd} from '../../lib/forward/wire/codec/head-end.js';
import {Malformed, TooLarge} from '../../lib/forward/wire/codec/octets.js';
import {requestTrailers} from '../../lib/forward/wire/codec/pass-on.js';
import {readRequestHead} from '../../lib/forward/wire/codec/request-head.js';
import {prepare} from '../../lib/forward/wire/downstream/prepared.js';
import {compileRoutes} from '../../lib/routing/table.js';
import {clientAt, snapshotOf} from '../forward/wire/snapshot.js';

const snapshot = {
	...snapshotOf(),
	router: compileRoutes(validate({routes: '127.0.0.1:3000'}).routes),
};

/** What the codec makes of the first request of some bytes. */
export type ReadRequest =
	| {readonly kind: 'refused' | 'incomplete'}
	| {
			readonly kind: 'request';
			readonly method: string;
			readonly target: string;
			readonly upgrade: boolean;
			/** All that goes to the backend. */
			readonly forwarded: string;
	  };

/** Reads a request that comes in pieces, as a connection does. Throws what is a fault of the codec. */
export function readRequest(pieces: readonly string[]): ReadRequest {
	try {
		return read(pieces.map(piece => Buffer.from(piece, 'latin1')));
	} catch (error) {
		if (error instanceof Malformed || error instanceof TooLarge || error instanceof ProxyError) {
			return {kind: 'refused'};
		}
		throw error;
	}
}

function read(pieces: Buffer[]): ReadRequest {
	let held = Buffer.alloc(0);
	for (let piece = pieces.shift(); piece !== undefined; piece = pieces.shift()) {
		const scanned = held.length;
		held = Buffer.concat([held, piece]);
		const end = headEnd(held, 0, scanned);
		if ((end < 0 ? held.length : end) > 65_536) {
			return {kind: 'refused'};
		}
		if (end >= 0) {
			return readBehind(held.subarray(0, end), [held.subarray(end), ...pieces]);
		}
	}
	return {kind: 'incomplete'};
}

function readBehind(headBytes: Buffer, pieces: readonly Buffer[]): ReadRequest {
	const head = readRequestHead(headBytes, 200);
	const {plan, outgoing} = prepare(head, snapshot, clientAt('127.0.0.1'));
	if (plan instanceof ProxyError) {
		return {kind: 'refused'};
	}
	const parts = [outgoing];
	const {method, upgrade, framing} = head;
	const target = /^[^ ]+ ([^ ]+) /.exec(outgoing.toString('latin1'))?.[1] ?? '';
	if (framing !== 'none') {
		const body = bodyReader(framing, requestTrailers);
		for (const piece of pieces) {
			if (body.done) {
				break;
			}
			const end = body.read(piece, 0, piece.length);
			if (end > piece.length || body.passed > end || (!body.done && end !== piece.length)) {
				throw new Error(`read to ${end} and passed ${body.passed} of ${piece.length}`);
			}
			parts.push(Buffer.from(piece.subarray(0, body.passed)));
		}
		if (!body.done) {
			return {kind: 'incomplete'};
		}
		parts.push(body.tail ?? Buffer.alloc(0));
	}
	return {
		kind: 'request',
		method,
		target,
		upgrade,
		forwarded: Buffer.concat(parts).toString('latin1'),
	};
}
