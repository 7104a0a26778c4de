import {ProxyError} from '../../../../errors.js';
import {printable} from '../../../../printable.js';
import {replayable} from '../../../replayable.js';
import type {Backend, Client, Snapshot} from '../../../seams.js';
import type {Requested} from '../../account.js';
import {ownBytes, TooLarge} from '../../codec/octets.js';
import {refusalOf} from '../../downstream/refusal.js';
import {editLines, forwardedLines, type Plan, planRequest, redacted} from '../../plan.js';
import type {Outgoing} from '../../upstream/backend-request.js';
import type {Http2Field} from '../field.js';
import {type Http2Request, readRequest} from '../request.js';
import {acceptFor, newKey, upgradeLines} from './tunnel.js';

/** A request that has been read, and what is to become of it. */
export interface Prepared {
	readonly requested: Requested;
	/** What it says of its priority. */
	readonly priority: string;
	/** What the client accepts, for an answer of Sealport's own. */
	readonly accept: string;
	/** Or why nothing is. */
	readonly plan: Plan | ProxyError;
	readonly outgoing: Outgoing;
	/** Octets of its body, where it says so. */
	readonly contentLength: number | undefined;
	/** For a WebSocket: what the backend's Sec-WebSocket-Accept has to be (RFC 6455 section 4.2.2). */
	readonly acceptKey: string | undefined;
}

const version = 'HTTP/2';

const nothing = Buffer.alloc(0);

/**
 * Reads a request.
 *
 * @param complete whether it has no body
 * @throws Malformed
 */
export function prepare(
	fields: readonly Http2Field[],
	complete: boolean,
	snapshot: Snapshot,
	client: Client,
): Prepared {
	const request = readRequest(fields);
	const {target, hosts, protocol, contentLength} = request;
	const key = protocol === undefined ? undefined : newKey();
	const method = protocol === undefined ? request.method : 'GET';
	const planned = planOf(request, method, fields, snapshot, client);
	const chunk = !complete && contentLength === undefined && protocol === undefined;
	let head: Buffer = nothing;
	if (!(planned instanceof ProxyError)) {
		const {authority, path, backend, edits} = planned;
		const own = [
			request.asksForTrailers ? trailersLine(backend) : '',
			chunk ? 'Transfer-Encoding: chunked\r\n' : '',
			key === undefined ? '' : upgradeLines(key),
			forwardedLines(authority, client),
		].join('');
		const line = `${method} ${path} HTTP/1.1\r\nHost: ${authority.text}\r\n`;
		head = ownBytes(`${line}${editLines(request.lines, edits)}${own}\r\n`);
	}
	return {
		requested: {
			client,
			version,
			method: request.method,
			target: redacted(target, snapshot),
			host: hosts[0] ?? '',
		},
		priority: request.priority,
		accept: acceptOf(fields),
		plan: planned,
		outgoing: {
			head,
			method,
			replayable: replayable.has(method),
			chunk,
			unchunk: true,
		},
		contentLength,
		acceptKey: key === undefined ? undefined : acceptFor(key),
	};
}

/** What is known of a request whose fields are too many or too large: that it is to be refused. */
export function refuse(
	fields: readonly Http2Field[],
	why: string,
	snapshot: Snapshot,
	client: Client,
): Prepared {
	const value = (name: string) => fields.find(field => field.name === name)?.value ?? '';
	return {
		requested: {
			client,
			version,
			method: value(':method'),
			target: redacted(value(':path'), snapshot),
			host: value(':authority'),
		},
		priority: '',
		accept: acceptOf(fields),
		plan: refusalOf(new TooLarge(why)),
		outgoing: {head: nothing, method: '', replayable: false, chunk: false, unchunk: true},
		contentLength: undefined,
		acceptKey: undefined,
	};
}

function planOf(
	request: Http2Request,
	method: string,
	fields: readonly Http2Field[],
	snapshot: Snapshot,
	client: Client,
): Plan | ProxyError {
	const {target, hosts, protocol} = request;
	try {
		if (protocol !== undefined && protocol !== 'websocket') {
			const message = `a tunnel for the protocol "${printable(protocol)}" is not for this kind of proxy`;
			throw new ProxyError('method-refused', 'downstream', message);
		}
		const values = (name: string) =>
			fields.filter(field => field.name === name).map(({value}) => value);
		return planRequest({method, target, hosts, values}, snapshot, client);
	} catch (error) {
		if (!(error instanceof ProxyError)) {
			throw error;
		}
		return error;
	}
}

/** HTTP/1.1 has TE for one connection only; in HTTP/2 it goes on (RFC 9113 section 8.2.2). */
function trailersLine({protocol}: Backend): string {
	return protocol === 'h2c' ? 'TE: trailers\r\n' : '';
}

function acceptOf(fields: readonly Http2Field[]): string {
	return fields.find(field => field.name === 'accept')?.value ?? '';
}
