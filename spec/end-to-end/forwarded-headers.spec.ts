import {fetchEither, versions} from '../helpers/either.js';
import {test} from '../helpers/lanes.js';
import {openTls} from '../helpers/raw-client.js';
import {ok, startScripted} from '../helpers/scripted.js';
import {startTunnel} from '../helpers/tunnel.js';

/** What the backend was told about the client's side. */
function forwarded(received: string): string[] {
	return received.match(/^x-forwarded-\w+: .*$/gim) ?? [];
}

for (const version of versions) {
	for (const [host, port] of [
		['localhost', 443],
		['app.localhost:8443', 8443],
		['127.0.0.1:62893', 62_893],
		['[::1]', 443],
	] as const) {
		test(`${version}: the backend learns of ${host}, in place of what the client claims`, async t => {
			const backend = await startScripted(t, ok);
			const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
			await fetchEither(t, tunnel, version, {
				host,
				headers: {
					'x-forwarded-for': ['10.0.0.1', '10.0.0.2'],
					'X-FORWARDED-PROTO': 'http',
					'x-forwarded-host': 'evil.example',
					'x-forwarded-port': '1',
				},
			});
			t.regex(forwarded(backend.received)[0] ?? '', /^X-Forwarded-For: (127\.0\.0\.1|::1)$/);
			t.deepEqual(forwarded(backend.received).slice(1), [
				'X-Forwarded-Proto: https',
				`X-Forwarded-Host: ${host}`,
				`X-Forwarded-Port: ${port}`,
			]);
			t.deepEqual(backend.received.match(/(?<=^host: ).*$/gim), [host]);
		});
	}
}

for (const [what, request] of [
	['a request', 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nConnection: close, '],
	[
		'an upgrade',
		'GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nUpgrade: x\r\nConnection: Upgrade, ',
	],
] as const) {
	test(`a Connection header cannot take fields away that ${what} needs`, async t => {
		const backend = await startScripted(t, ok);
		const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
		const client = await openTls(t, tunnel);
		client.write(
			`${request}X-Forwarded-For, X-Forwarded-Proto, X-Forwarded-Host, X-Forwarded-Port, Host, Content-Length, X-Own\r\nX-Own: 1\r\n\r\n${what === 'a request' ? 'hi' : ''}`,
		);
		await client.until('\r\n\r\nok');
		t.is(forwarded(backend.received).length, 4);
		t.regex(backend.received, /\r\nHost: localhost\r\n/);
		t.regex(backend.received, /\r\nContent-Length: [02]\r\n/);
		t.notRegex(backend.received, /x-own/i);
		const says = backend.received.match(/(?<=^connection: ).*$/gim)?.join() ?? 'keep-alive';
		t.is(says, what === 'a request' ? 'keep-alive' : 'Upgrade');
	});
}
