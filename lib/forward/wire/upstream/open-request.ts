import type {Clock} from '../clock.js';
import {SharedRequest} from '../http2/upstream/request.js';
import type {BackendRequest, Outgoing} from './backend-request.js';
import type {Pool} from './pool.js';
import {UpstreamRequest} from './request.js';
import type {ResponseSink} from './sink.js';

/** Makes a request to a backend, by what that backend speaks. */
export function openRequest(
	pool: Pool,
	outgoing: Outgoing,
	clock: Clock,
	sink: ResponseSink,
): BackendRequest {
	if (pool.shared !== undefined) {
		return new SharedRequest(pool.shared, outgoing, sink);
	}
	return new UpstreamRequest(pool, outgoing, clock, sink);
}
