import {ProxyError} from '../../../errors.js';
import type {Snapshot} from '../../seams.js';
import {hostsOf, type RequestHead} from '../codec/request-head.js';
import {type Plan, planRequest} from '../plan.js';

/** A request head that has been read, and what is to become of it. */
export interface Prepared {
	readonly head: RequestHead;
	/** Or why nothing is. */
	readonly plan: Plan | ProxyError;
	/** Its Host as it came, for reports. */
	readonly host: string;
	/** By what it was planned. */
	readonly snapshot: Snapshot;
	/** Whether the client wants no further request answered on its connection (RFC 9112 section 9.3). */
	readonly closes: boolean;
}

/** @param address of the client */
export function prepare(head: RequestHead, snapshot: Snapshot, address: string): Prepared {
	const {connection, minor} = head;
	const closes =
		connection.includes('close') || (minor === 0 && !connection.includes('keep-alive'));
	const hosts = hostsOf(head);
	const host = hosts[0] ?? '';
	try {
		return {head, plan: planRequest(head, hosts, snapshot, address), host, snapshot, closes};
	} catch (error) {
		if (!(error instanceof ProxyError)) {
			throw error;
		}
		const isAtFault = ['request-malformed', 'method-refused'].includes(error.code);
		return {head, plan: error, host, snapshot, closes: closes || isAtFault};
	}
}
