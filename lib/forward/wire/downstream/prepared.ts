import {ProxyError} from '../../../errors.js';
import type {Client, Snapshot} from '../../seams.js';
import type {Requested} from '../account.js';
import {ownBytes} from '../codec/octets.js';
import {forwarded, isConnectionLevel, linesWithout} from '../codec/pass-on.js';
import {hostsOf, type RequestHead, valuesIn} from '../codec/request-head.js';
import {editLines, forwardedLines, type Plan, planRequest, redacted} from '../plan.js';

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

/** After these, a connection is of no use: its client cannot be understood, or is not the one to be let in. */
const closing = new Set(['request-malformed', 'method-refused', 'allow', 'deny', 'mtls']);

/** Reads a request, whose head has been read. */
export function prepare(head: RequestHead, snapshot: Snapshot, client: Client): Prepared {
	const {connection, minor, method, target} = head;
	const closes =
		connection.includes('close') || (minor === 0 && !connection.includes('keep-alive'));
	const hosts = hostsOf(head);
	const version = minor === 1 ? 'HTTP/1.1' : 'HTTP/1.0';
	const shown = redacted(target, snapshot);
	const requested = {client, version, method, target: shown, host: hosts[0] ?? ''};
	try {
		const values = (name: string) => valuesIn(head, name);
		const plan = planRequest({method, target, hosts, values}, snapshot, client);
		const unchunks = plan.backend.protocol === 'h2c' || plan.route.proxy !== undefined;
		const bytes = outgoing(head, plan, client);
		return {head, plan, outgoing: bytes, unchunks, requested, snapshot, closes};
	} catch (error) {
		if (!(error instanceof ProxyError)) {
			throw error;
		}
		const isAtFault = closing.has(error.policy ?? error.code);
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

function outgoing(head: RequestHead, {authority, path, edits}: Plan, client: Client): Buffer {
	const lines = editLines(fieldLines(head), edits);
	const text = `${head.method} ${path} HTTP/1.1\r\n${lines}${forwardedLines(authority, client)}\r\n`;
	return ownBytes(text);
}

function fieldLines({bytes, fields, connection, upgrade}: RequestHead): string {
	const ends = isConnectionLevel(bytes, connection, upgrade);
	const lines = linesWithout(bytes, fields, field => forwarded.has(field.known) || ends(field));
	return upgrade ? `${lines}Connection: Upgrade\r\n` : lines;
}
