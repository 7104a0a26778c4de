import type {IncomingMessage, ServerResponse} from 'node:http';

/**
 * Answers with server-sent events (WHATWG HTML, section 9.2): at once and then every second the time
 * in milliseconds since 1970. A client that comes back goes on counting from its `Last-Event-ID`. The
 * timer lives as long as the response.
 */
export function sendClock(request: IncomingMessage, response: ServerResponse): void {
	response.writeHead(200, {
		'content-type': 'text/event-stream; charset=utf-8',
		'cache-control': 'no-store',
	});
	if (request.method === 'HEAD') {
		response.end();
		return;
	}
	const last = Number(request.headers['last-event-id']);
	let id = Number.isSafeInteger(last) && last > 0 ? last : 0;
	const tick = () => {
		id += 1;
		response.write(`id: ${id}\ndata: ${Date.now()}\n\n`);
	};
	response.write('retry: 1000\n');
	tick();
	const timer = setInterval(tick, 1000);
	response.once('close', () => clearInterval(timer));
}
