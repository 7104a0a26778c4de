import {createServer, type IncomingMessage, type Server} from 'node:http';
import {ProxyError} from '../errors.js';
import {identify} from '../forward/authority.js';
import {type Answer, answerFor} from '../forward/failure.js';
import {valuesOf} from '../forward/headers.js';
import type {NamePolicy} from '../forward/seams.js';

/**
 * Answers plain HTTP that arrives at the port of HTTPS: 308 to the same place under https for GET and
 * HEAD, otherwise a line that explains (400), since a body that came in the clear should not be asked
 * for once more.
 *
 * @param limits `head`: how long a request's head may take, in milliseconds
 * @param names which hosts are ours: a redirect goes nowhere else
 */
export function createPlainServer(limits: {readonly head: number}, names: NamePolicy): Server {
	const server = createServer({
		headersTimeout: limits.head,
		connectionsCheckingInterval: Math.min(1000, limits.head),
		requestTimeout: limits.head,
		requireHostHeader: false,
	});
	server.on('request', (request, response) => {
		const {status, reason, headers, body} = answer(request, names);
		response.sendDate = false;
		response.shouldKeepAlive = false;
		response.writeHead(status, reason, [...headers]);
		response.end(body);
	});
	server.on('clientError', (_error, socket) => {
		// What comes behind an answer that is on its way gets none of its own.
		const busy = '_httpMessage' in socket && socket._httpMessage !== null;
		if (socket.writable && !busy) {
			socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\nthis port speaks HTTPS\n');
		} else {
			socket.destroy();
		}
	});
	// It never listens, being handed its connections. This starts its watch over slow heads.
	server.emit('listening');
	return server;
}

function answer(request: IncomingMessage, names: NamePolicy): Answer {
	const asked = {method: request.method ?? '', headers: request.rawHeaders};
	try {
		const {authority, target} = identify({
			method: asked.method,
			target: request.url ?? '',
			hosts: valuesOf(request.rawHeaders, 'host'),
		});
		const refusal = names.admit(authority);
		if (refusal !== undefined) {
			throw refusal;
		}
		if (valuesOf(request.rawHeaders, 'x-forwarded-proto').some(isHttps)) {
			throw new ProxyError('loop', 'downstream', 'this request was HTTPS before it came here', {
				hint: 'a proxy in front has this port as its backend: give it the plaintext port of the dev server',
			});
		}
		const name = authority.host.includes(':') ? `[${authority.host}]` : authority.host;
		const location = `https://${name}:${authority.port ?? request.socket.localPort}${target === '*' ? '/' : target}`;
		if (asked.method !== 'GET' && asked.method !== 'HEAD') {
			throw new ProxyError('request-malformed', 'downstream', 'this port speaks HTTPS, not HTTP', {
				hint: `use ${location}`,
			});
		}
		return redirect(location);
	} catch (error) {
		if (error instanceof ProxyError) {
			return answerFor(error, asked);
		}
		throw error;
	}
}

function isHttps(value: string): boolean {
	return value.trim().toLowerCase() === 'https';
}

function redirect(location: string): Answer {
	const body = Buffer.from(`this port speaks HTTPS: ${location}\n`, 'latin1');
	return {
		status: 308,
		reason: 'Permanent Redirect',
		headers: [
			'Location',
			location,
			'Content-Type',
			'text/plain; charset=utf-8',
			'Content-Length',
			String(body.length),
			'Cache-Control',
			'no-store',
		],
		body,
	};
}
