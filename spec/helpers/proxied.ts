import type {IncomingHttpHeaders, RequestListener} from 'node:http';
import type {ExecutionContext} from 'ava';
import type {ServeOptions, Tunnel} from '../../lib/index.js';
import {startBackend} from './backend.js';
import {startTunnel} from './tunnel.js';

/** What a backend tells of a request. */
export interface Told {
	readonly method: string;
	readonly url: string;
	readonly headers: IncomingHttpHeaders;
	readonly body: string;
}

/** Answers with what was asked. */
export const telling: RequestListener = async (request, response) => {
	let body = '';
	for await (const chunk of request) {
		body += chunk;
	}
	const {method, url, headers} = request;
	response.setHeader('content-type', 'application/json');
	response.end(JSON.stringify({method, url, headers, body}));
};

/**
 * A tunnel before one backend, as `server.proxy` of Vite has it.
 *
 * @param routes made of the backend's address; what they leave out leads nowhere
 */
export async function startProxied(
	t: ExecutionContext,
	onRequest: RequestListener,
	routes: (target: string, port: number) => ServeOptions['routes'],
): Promise<{readonly tunnel: Tunnel; readonly port: number}> {
	const {port} = await startBackend(t, onRequest);
	const tunnel = await startTunnel(t, port, {routes: routes(`http://localhost:${port}`, port)});
	return {tunnel, port};
}
