import type {Route} from '../seams.js';
import type {WireContext} from '../wire/context.js';
import type {Plan} from '../wire/plan.js';
import type {BackendRequest, Outgoing} from '../wire/upstream/backend-request.js';
import type {ResponseSink} from '../wire/upstream/sink.js';

/** Makes requests of one route. */
export interface RequestMaker {
	/** @param passed routes whose `bypass` has handed this request on */
	open(
		plan: Plan,
		outgoing: Outgoing,
		context: WireContext,
		sink: ResponseSink,
		passed?: ReadonlySet<Route>,
	): BackendRequest;
}

/**
 * What makes the requests of routes that have options of http-proxy: set up with the snapshot that the route is
 * of, so that nothing of it is loaded without such routes.
 */
export const requestMakers = new WeakMap<Route, RequestMaker>();
