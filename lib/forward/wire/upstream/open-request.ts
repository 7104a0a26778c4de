import type {Clock} from '../clock.js';
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
	return new UpstreamRequest(pool, outgoing, clock, sink);
}
