import type {Lane} from '../lane.js';
import type {Limits} from '../limits.js';
import type {ExchangeContext} from './exchange.js';
import {createHttp1} from './http1-server.js';
import {createHttp2} from './http2-server.js';

/** The message lane: Node's own HTTP servers on the client's side, http-proxy on the backend's. */
export function createMessageLane(
	context: Omit<ExchangeContext, 'draining' | 'mostFields'>,
	limits: Limits,
): Lane {
	let draining = false;
	const exchanges: ExchangeContext = {
		...context,
		draining: () => draining,
		mostFields: limits.fields,
	};
	const {http1, underway} = createHttp1(exchanges, limits);
	const {http2, sessions} = createHttp2(exchanges, limits);
	return {
		accept(socket) {
			(socket.alpnProtocol === 'h2' ? http2 : http1).emit('connection', socket);
		},
		reloaded() {
			/* connections to backends that are gone rest for a moment only */
		},
		drain() {
			draining = true;
			for (const [socket, exchanges] of underway) {
				if (exchanges.size === 0) {
					socket.destroySoon();
				}
			}
			for (const session of sessions) {
				session.close();
			}
		},
		close() {
			http1.close();
			http2.close();
		},
	};
}
