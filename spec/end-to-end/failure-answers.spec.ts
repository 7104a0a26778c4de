import {fetchEither, versions} from '../helpers/either.js';
import {test as onEachLane} from '../helpers/lanes.js';
import {startScripted} from '../helpers/scripted.js';
import {startTunnel} from '../helpers/tunnel.js';
import {fetchAs, test} from '../helpers/versions.js';

/** A port that needs privileges and that hardly any machine has a listener on. */
const dead = '127.0.0.1:1';

for (const version of versions) {
	onEachLane(`${version}: a browser gets a page that watches for the backend`, async t => {
		const tunnel = await startTunnel(t, dead);
		const {status, headers, body} = await fetchEither(t, tunnel, version, {
			headers: {accept: 'text/html,application/xhtml+xml,*/*;q=0.8'},
		});
		t.is(status, 502);
		t.is(headers['sealport-error'], 'backend-refused');
		t.is(headers['content-type'], 'text/html; charset=utf-8');
		t.is(headers['cache-control'], 'no-store');
		t.regex(body, /refused the connection/);
		t.regex(body, /location\.reload\(\)/);
	});

	onEachLane(`${version}: a program that asks for JSON gets JSON`, async t => {
		const tunnel = await startTunnel(t, dead);
		const {headers, body} = await fetchEither(t, tunnel, version, {
			headers: {accept: 'application/json'},
		});
		t.is(headers['content-type'], 'application/json');
		const {status, code, message, hint} = JSON.parse(body);
		t.is(status, 502);
		t.is(code, 'backend-refused');
		t.is(message, 'backend http://127.0.0.1:1 refused the connection');
		t.is(typeof hint, 'string');
	});

	onEachLane(`${version}: everything else gets one line`, async t => {
		const tunnel = await startTunnel(t, dead);
		const {headers, body} = await fetchEither(t, tunnel, version, {headers: {accept: '*/*'}});
		t.is(headers['content-type'], 'text/plain; charset=utf-8');
		t.regex(body, /^backend http:\/\/127\.0\.0\.1:1 refused the connection \(.*\)\n$/);
	});

	onEachLane(`${version}: the answer to HEAD has no body`, async t => {
		const tunnel = await startTunnel(t, dead);
		const {status, headers, body} = await fetchEither(t, tunnel, version, {method: 'HEAD'});
		t.is(status, 502);
		t.is(headers['sealport-error'], 'backend-refused');
		t.not(headers['content-length'], '0');
		t.is(body, '');
	});

	onEachLane(`${version}: a request with a body that nobody takes is answered`, async t => {
		const tunnel = await startTunnel(t, dead);
		const body = Buffer.alloc(300_000, 'x');
		const {status} = await fetchEither(t, tunnel, version, {method: 'POST', body});
		t.is(status, 502);
	});
}

test('a page for an answer to POST does not reload, since that would send it again', async t => {
	const tunnel = await startTunnel(t, dead);
	const {body} = await fetchAs(t, tunnel, '/', {
		method: 'POST',
		headers: {accept: 'text/html', 'content-length': '2'},
		body: 'hi',
	});
	t.regex(body, /refused the connection/);
	t.notRegex(body, /location\.reload/);
});

test('hostile text in the Host stays text in the page', async t => {
	const tunnel = await startTunnel(t, dead);
	const {status, body} = await fetchAs(t, tunnel, '/', {
		headers: {host: '<script>alert(1)</script>', accept: 'text/html'},
	});
	t.is(status, 400);
	t.notRegex(body, /<script>/);
	t.regex(body, /&lt;script&gt;alert\(1\)/);
});

for (const [when, script] of [
	['before it sends anything', ''],
	['in the middle of the head', 'HTTP/1.1 200 OK\r\nContent-'],
	['after a 103', 'HTTP/1.1 103 Early Hints\r\n\r\n'],
] as const) {
	for (const version of versions) {
		onEachLane(`${version}: a backend that closes ${when} gives a 502`, async t => {
			const backend = await startScripted(t, ({socket}) =>
				socket.once('data', () => socket.end(script)),
			);
			const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
			const {status, headers} = await fetchEither(t, tunnel, version);
			t.is(status, 502);
			t.is(headers['sealport-error'], 'backend-reset');
		});
	}
}
