import type {ExchangeReport} from '../../../lib/forward/seams.js';
import {type Message, readRequests} from '../../helpers/read-messages.js';
import {bodiesOf, type cut} from './cut.js';
import type {FakeBackendSocket} from './fake-socket.js';

/**
 * Checks that backends have been sent what clients have asked for, and nothing besides: each request of a
 * backend is one that has been reported, and its body is what came on one stream.
 *
 * @param heard what the client has sent
 * @throws Error for what is not
 */
export function checkForwarded(
	heard: ReturnType<typeof cut>,
	backends: readonly FakeBackendSocket[],
	reports: readonly ExchangeReport[],
): void {
	const uploads = [...bodiesOf(heard).values()];
	const asked = new Map<string, number>();
	for (const {method, target} of reports) {
		const key = `${method === 'CONNECT' ? 'GET' : method} ${target}`;
		asked.set(key, (asked.get(key) ?? 0) + 1);
	}
	const sent = new Map<string, number>();
	for (const backend of backends) {
		for (const {start, body, complete} of requestsTo(backend)) {
			const key = start.replace(/ HTTP\/1\.1$/, '');
			const count = (sent.get(key) ?? 0) + 1;
			sent.set(key, count);
			// What may be repeated can have been sent twice.
			const most = (asked.get(key) ?? 0) * (/^(GET|HEAD|OPTIONS|TRACE) /.test(key) ? 2 : 1);
			if (count > most) {
				throw new Error(`a backend was sent ${key} ${count} times, which was asked ${most} times`);
			}
			if (body !== '' && !uploads.some(upload => upload.startsWith(body))) {
				throw new Error(`a backend was sent a body that nobody has sent, complete: ${complete}`);
			}
		}
	}
}

function requestsTo(backend: FakeBackendSocket): readonly Message[] {
	const text = backend.written.toString('latin1');
	const hasSwitched = Buffer.concat(backend.delivered).includes('HTTP/1.1 101 ');
	const at = hasSwitched ? text.search(/\r\nUpgrade: websocket\r\n/) : -1;
	// Behind that head there is whatever the client says in its tunnel.
	const end = at < 0 ? text.length : text.indexOf('\r\n\r\n', at) + 4;
	const {messages, rest} = readRequests(text.slice(0, end));
	if (rest !== '') {
		throw new Error(`a backend was sent what is no request: ${JSON.stringify(rest.slice(0, 300))}`);
	}
	return messages;
}
