import {createServer, type IncomingMessage, type Server} from 'node:http';
import {ProxyError} from '../errors.js';
import {identify} from '../forward/authority.js';
import {type Answer, answerFor} from '../forward/failure.js';
import {valuesOf} from '../forward/headers.js';

/**
 * Answers plain HTTP that arrives at the port of HTTPS: 308 to the same place under https for GET and
 * HEAD, otherwise a line that explains (400), since a body that came in the clear should not be asked
 * for once more.
 *
 * @param limits `head`: how long a request's head may take, in milliseconds
 * @param port where Sealport listens, for a Host that names no port
 * @param serves whether a host is ours: a redirect goes nowhere else
 */
export function createPlainServer(
	limits: {readonly head: number},
	port: () => number,
	serves: (host: string) => boolean,
): Server {
	const server = createServer({
		headersTimeout: limits.head,
		connectionsCheckingInterval: Math.min(1000, limits.head),
		requestTimeout: limits.head,
		requireHostHeader: false,
	});
	server.on('request', (request, response) => {
		const {status, reason, headers, body} = answer(request, port(), serves);
		response.sendDate = false;
		response.shouldKeepAlive = false;
		response.writeHead(status, reason, [...headers]);
		response.end(body);
	});
	server.on('clientError', (_error, socket) => {
		if (socket.writable) {
			socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\nthis port speaks HTTPS\n');
		} else {
			socket.destroy();
		}
	});
	// It never listens, being handed its connections. This starts its watch over slow heads.
	server.emit('listening');
	return server;
}

function answer(request: IncomingMessage, port: number, serves: (host: string) => boolean): Answer {
	const asked = {method: request.method ?? '', headers: request.rawHeaders};
	try {
		const {authority, target} = identify({
			method: asked.method,
			target: request.url ?? '',
			hosts: valuesOf(request.rawHeaders, 'host'),
		});
		if (!serves(authority.host)) {
			throw new ProxyError('name-not-served', 'downstream', 'this name is not served here');
		}
		if (valuesOf(request.rawHeaders, 'x-forwarded-proto').some(isHttps)) {
			throw new ProxyError('loop', 'downstream', 'this request was HTTPS before it came here', {
				hint: 'the backend of a proxy in front is this port, which speaks HTTPS itself; name the plaintext port',
			});
		}
		const name = authority.host.includes(':') ? `[${authority.host}]` : authority.host;
		const location = `https://${name}:${authority.port ?? port}${target === '*' ? '/' : target}`;
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
