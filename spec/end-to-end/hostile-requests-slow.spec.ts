import test from 'ava';
import {laneNames} from '../../lib/config/options.js';
import {assertRefusal, closedInTime} from '../helpers/hostile.js';
import {openTls} from '../helpers/raw-client.js';
import {answering, ok, startScripted} from '../helpers/scripted.js';
import {startTunnel} from '../helpers/tunnel.js';

/** Milliseconds; short, so that the specs need not wait for long. */
const limits = {head: 300, idle: 400};

const slowHeads: ReadonlyArray<readonly [what: string, begin: string, drip: string]> = [
	['that stops in its first line', 'GET /bad HT', ''],
	['that stops in its fields', 'GET /bad HTTP/1.1\r\nHost: localhost\r\nX-A', ''],
	['that comes byte by byte', 'GET /bad HTTP/1.1\r\nHost: localhost\r\nX-A: ', 'a'],
	['that comes line by line', 'GET /bad HTTP/1.1\r\nHost: localhost\r\n', 'X-A: 1\r\n'],
];

for (const lane of laneNames) {
	for (const [what, begin, drip] of slowHeads) {
		test(`${lane}: a head ${what} gets 408, and nothing reaches the backend`, async t => {
			const backend = await startScripted(t, answering(ok));
			const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`, {lane, limits});
			const client = await openTls(t, tunnel);
			client.write(begin);
			const timer = setInterval(() => {
				if (drip !== '' && client.received === '' && client.socket.writable) {
					client.write(drip);
				}
			}, 50);
			t.teardown(() => clearInterval(timer));
			assertRefusal(t, await closedInTime(client), [408]);
			t.is(backend.connections.length, 0);
		});
	}

	test(`${lane}: a head that stops behind an answered request gets 408`, async t => {
		const backend = await startScripted(t, answering(ok));
		const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`, {lane, limits});
		const client = await openTls(t, tunnel);
		client.write('GET /good HTTP/1.1\r\nHost: localhost\r\n\r\n');
		await client.until('\r\n\r\nok');
		client.write('GET /bad HTTP/1.1\r\nHost: loc');
		const received = await closedInTime(client);
		assertRefusal(t, received.slice(received.indexOf('\r\n\r\nok') + 6), [408]);
		t.notRegex(backend.received, /bad/);
	});

	for (const [what, framing, begin] of [
		['with a length', 'Content-Length: 100', 'half'],
		['in chunks', 'Transfer-Encoding: chunked', '4\r\nhalf\r\n'],
		['in the size of a chunk', 'Transfer-Encoding: chunked', '4\r\nhalf\r\n4'],
		['in trailers', 'Transfer-Encoding: chunked', '4\r\nhalf\r\n0\r\nX-A: 1\r\n'],
	] as const) {
		test(`${lane}: a body ${what} that stands still gets 408, and the backend is let go of`, async t => {
			const backend = await startScripted(t);
			const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`, {lane, limits});
			const client = await openTls(t, tunnel);
			client.write(`POST /bad HTTP/1.1\r\nHost: localhost\r\n${framing}\r\n\r\n${begin}`);
			assertRefusal(t, await closedInTime(client, 5000), [408]);
			await closedInTime(await backend.connection());
		});
	}
}
