import type {ClientRequest, IncomingMessage} from 'node:http';
import type {Socket} from 'node:net';
import {ProxyError, systemCode} from '../../errors.js';
import {endToEnd, listOf, type RawHeaders, trailersToForward} from '../headers.js';
import type {Backend, Connections} from '../seams.js';
import type {Downstream} from './downstream.js';
import {openOutgoing, type RequestHead} from './outgoing.js';
import {pairs} from './serialise.js';
import {tunnel} from './upgrade.js';

/** Methods that may be sent once more without harm (RFC 9110 section 9.2.2), as far as bodies allow. */
const replayable = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/**
 * Sends a request to its backend and passes on what comes back: informational responses, the response
 * with its trailers, or a tunnel. When the client leaves, the request ends at once.
 *
 * @param fail called at most once, when there is no response or not all of it
 */
export function send(
	downstream: Downstream,
	head: RequestHead,
	backend: Backend,
	connections: Connections,
	fail: (error: ProxyError) => void,
): void {
	let request: ClientRequest;
	let over = false;
	let begun = false;
	/** Whether the backend has sent all that it had to: what befalls its connection then is no failure. */
	let whole = () => false;

	attempt();
	sendBody();
	downstream.onOver(complete => {
		over = true;
		if (!complete) {
			request.destroy();
		}
	});

	function attempt(): void {
		const agent = connections.agentFor(backend, () => !over);
		request = openOutgoing(head, backend, agent, failed);
		request.on('information', inform);
		request.on('response', respond);
		request.on('upgrade', upgrade);
		if (downstream.body === undefined) {
			request.end();
		}
	}

	function sendBody(): void {
		const {body} = downstream;
		if (body === undefined) {
			return;
		}
		// Sends the head now, and as latin1, in which it came; flushHeaders would send it as UTF-8.
		request.write('', 'latin1');
		body.pipe(request, {end: false});
		body.once('end', () => {
			const trailers = trailersToForward(downstream.trailers());
			if (trailers.length > 0 && request.chunkedEncoding) {
				request.addTrailers(pairs(trailers));
			}
			request.end();
		});
		body.once('close', () => {
			if (!body.readableEnded) {
				request.destroy();
			}
		});
	}

	function failed(cause: Error): void {
		// A kept connection that the backend closed just as it was used again: nothing came of it.
		const stale = request.reusedSocket && !begun && resets.has(systemCode(cause) ?? '');
		if (stale && !over && downstream.body === undefined && replayable.has(head.method)) {
			attempt();
			return;
		}
		downstream.body?.unpipe(request);
		downstream.body?.resume();
		breakOff(cause);
	}

	/** Node refuses to send some of what it has let a backend send, and throws. */
	function passOn(act: () => void): void {
		try {
			act();
		} catch (cause) {
			request.destroy();
			breakOff(malformed(backend, 'sent a response that cannot be passed on', cause));
		}
	}

	function breakOff(cause: Error): void {
		if (!over && !whole()) {
			over = true;
			fail(cause instanceof ProxyError ? cause : explain(cause, backend, begun));
		}
	}

	function inform(information: {
		readonly statusCode: number;
		readonly statusMessage: string;
		readonly rawHeaders: RawHeaders;
	}): void {
		begun = true;
		const {statusCode, statusMessage, rawHeaders} = information;
		passOn(() => downstream.inform(statusCode, statusMessage, endToEnd(rawHeaders)));
	}

	function respond(response: IncomingMessage): void {
		begun = true;
		whole = () => response.complete;
		response.on('error', breakOff);
		if (over) {
			request.destroy();
			return;
		}
		const codings = listOf(response.rawHeaders, 'transfer-encoding');
		if (codings.some(coding => coding !== 'chunked')) {
			request.destroy();
			breakOff(malformed(backend, 'sent a transfer coding other than chunked'));
			return;
		}
		passOn(() => {
			const body = downstream.respond({
				status: response.statusCode ?? 502,
				reason: response.statusMessage ?? '',
				headers: endToEnd(response.rawHeaders),
				chunked: codings.length > 0,
			});
			response.pipe(body, {end: false});
		});
		response.once('end', () => downstream.end(endToEnd(response.rawTrailers)));
	}

	function upgrade(response: IncomingMessage, socket: Socket, early: Buffer): void {
		begun = true;
		const client = downstream.upgrade;
		if (client === undefined || over) {
			socket.destroy();
			breakOff(malformed(backend, 'switched protocols without having been asked to'));
			return;
		}
		whole = () => true;
		const connection = client.accept(response.statusMessage ?? '', response.rawHeaders);
		if (early.length > 0) {
			connection.write(early);
		}
		const sentBefore = client.early;
		if (sentBefore.length > 0) {
			socket.write(sentBefore);
		}
		tunnel(connection, socket);
	}
}

const resets = new Set(['ECONNRESET', 'EPIPE']);

function malformed(backend: Backend, what: string, cause?: unknown): ProxyError {
	return new ProxyError('backend-malformed', 'upstream', `backend ${backend.label} ${what}`, {
		hint: 'see what the backend logs',
		cause,
	});
}

function explain(cause: Error, backend: Backend, begun: boolean): ProxyError {
	const code = systemCode(cause) ?? '';
	if (code.startsWith('HPE_')) {
		return malformed(backend, `sent what is not HTTP/1.1 (${code})`, cause);
	}
	const when = begun ? 'in the middle of its response' : 'before it responded';
	return new ProxyError(
		'backend-reset',
		'upstream',
		`backend ${backend.label} closed the connection ${when}`,
		{hint: 'see what the backend logs', cause},
	);
}
