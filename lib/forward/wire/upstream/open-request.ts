import {ProxyError} from '../../../errors.js';
import {requestMakers} from '../../message/registry.js';
import type {Route} from '../../seams.js';
import type {WireContext} from '../context.js';
import {SharedRequest} from '../http2/upstream/request.js';
import type {Plan} from '../plan.js';
import type {BackendRequest, Outgoing} from './backend-request.js';
import {UpstreamRequest} from './request.js';
import type {ResponseSink} from './sink.js';

/**
 * Makes a request to a backend, by what that backend speaks and by what its route asks for.
 *
 * @param passed routes whose `bypass` has handed this request on
 */
export function openRequest(
	plan: Plan,
	outgoing: Outgoing,
	context: WireContext,
	sink: ResponseSink,
	passed?: ReadonlySet<Route>,
): BackendRequest {
	const {route, backend} = plan;
	if (route.proxy !== undefined) {
		const maker = requestMakers.get(route);
		if (maker === undefined) {
			throw new ProxyError('route-missing', 'internal', `the route ${route.match} is not set up`);
		}
		return maker.open(plan, outgoing, context, sink, passed);
	}
	const pool = context.pools.of(backend);
	if (pool.shared !== undefined) {
		return new SharedRequest(pool.shared, outgoing, sink);
	}
	return new UpstreamRequest(pool, outgoing, context.clock, sink);
}
