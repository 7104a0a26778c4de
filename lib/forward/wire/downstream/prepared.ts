import {ProxyError} from '../../../errors.js';
import type {Snapshot} from '../../seams.js';
import type {Requested} from '../account.js';
import {ownBytes} from '../codec/octets.js';
import {forwarded, isConnectionLevel, linesWithout} from '../codec/pass-on.js';
import {hostsOf, type RequestHead} from '../codec/request-head.js';
import {forwardedLines, type Plan, planRequest} from '../plan.js';

/** A request head that has been read, and what is to become of it. */
export interface Prepared {
	readonly head: RequestHead;
	/** Or why nothing is. */
	readonly plan: Plan | ProxyError;
	/** The head as the backend is to see it. */
	readonly outgoing: Buffer;
	/** Whether the body goes on without its chunks: HTTP/2 has none, and Node's HTTP client makes its own. */
	readonly unchunks: boolean;
	readonly requested: Requested;
	/** By what it was planned. */
	readonly snapshot: Snapshot;
	/** Whether the client wants no further request answered on its connection (RFC 9112 section 9.3). */
	readonly closes: boolean;
}

const nothing = Buffer.alloc(0);

/** @param address of the client */
export function prepare(head: RequestHead, snapshot: Snapshot, address: string): Prepared {
	const {connection, minor, method, target} = head;
	const closes =
		connection.includes('close') || (minor === 0 && !connection.includes('keep-alive'));
	const hosts = hostsOf(head);
	const version = minor === 1 ? 'HTTP/1.1' : 'HTTP/1.0';
	const requested = {version, method, target, host: hosts[0] ?? ''};
	try {
		const plan = planRequest({method, target, hosts}, snapshot);
		const unchunks = plan.backend.protocol === 'h2c' || plan.route.proxy !== undefined;
		const bytes = outgoing(head, plan, address);
		return {head, plan, outgoing: bytes, unchunks, requested, snapshot, closes};
	} catch (error) {
		if (!(error instanceof ProxyError)) {
			throw error;
		}
		const isAtFault = ['request-malformed', 'method-refused'].includes(error.code);
		return {
			head,
			plan: error,
			outgoing: nothing,
			unchunks: false,
			requested,
			snapshot,
			closes: closes || isAtFault,
		};
	}
}

function outgoing(head: RequestHead, {authority, path}: Plan, address: string): Buffer {
	const text = `${head.method} ${path} HTTP/1.1\r\n${fieldLines(head)}${forwardedLines(authority, address)}\r\n`;
	return ownBytes(text);
}

function fieldLines({bytes, fields, connection, upgrade}: RequestHead): string {
	const ends = isConnectionLevel(bytes, connection, upgrade);
	const lines = linesWithout(bytes, fields, field => forwarded.has(field.known) || ends(field));
	return upgrade ? `${lines}Connection: Upgrade\r\n` : lines;
}
