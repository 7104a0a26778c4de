import test from 'ava';
import {fetchHttp1} from '../helpers/fetch.js';
import {onEachLane} from '../helpers/lanes.js';
import {openTcp} from '../helpers/raw-client.js';
import {ok, startScripted} from '../helpers/scripted.js';
import {startTunnel} from '../helpers/tunnel.js';

const answers = test.macro({
	title: (what = '') => `plain HTTP: ${what}`,
	async exec(t, request: string, status: number, expected: (port: number) => RegExp | string) {
		const backend = await startScripted(t, ok);
		const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
		const client = await openTcp(t, tunnel.port);
		client.write(request);
		const received = await client.closed();
		t.is(received.slice(0, 13), `HTTP/1.1 ${status} `);
		const wanted = expected(tunnel.port);
		if (typeof wanted === 'string') {
			t.deepEqual(received.match(/(?<=^Location: ).*$/gm), [wanted]);
		} else {
			t.regex(received, wanted);
			t.notRegex(received, /^Location:/im);
		}
		t.is(backend.connections.length, 0);
	},
});

test(
	'GET is sent to the same place under https, byte for byte',
	answers,
	"GET //a//b/../%2e?x=%zz&y='? HTTP/1.1\r\nHost: app.localhost:1234\r\n\r\n",
	308,
	() => "https://app.localhost:1234//a//b/../%2e?x=%zz&y='?",
);
test(
	'HEAD is, too',
	answers,
	'HEAD /x HTTP/1.1\r\nHost: localhost:1234\r\n\r\n',
	308,
	() => 'https://localhost:1234/x',
);
test(
	'a Host without a port gets the port of the tunnel',
	answers,
	'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n',
	308,
	port => `https://127.0.0.1:${port}/`,
);
test(
	'an address of IPv6 keeps its brackets',
	answers,
	'GET / HTTP/1.1\r\nHost: [::1]:9\r\n\r\n',
	308,
	() => 'https://[::1]:9/',
);
test(
	'a WebSocket is told where to go',
	answers,
	'GET /ws HTTP/1.1\r\nHost: localhost:9\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
	308,
	() => 'https://localhost:9/ws',
);
test(
	'POST is explained to, since its body should not be sent again',
	answers,
	'POST /x HTTP/1.1\r\nHost: localhost:9\r\nContent-Length: 2\r\n\r\nhi',
	400,
	() => /speaks HTTPS.*https:\/\/localhost:9\/x/,
);
test(
	'an unknown Host is not redirected',
	answers,
	'GET / HTTP/1.1\r\nHost: rebind.example\r\n\r\n',
	421,
	() => /not served here/,
);
test(
	'an unknown Host is told its name, and the flag that serves it',
	answers,
	'GET / HTTP/1.1\r\nHost: Shop.Test:8443\r\n\r\n',
	421,
	() => /"shop\.test" is not served here.*--name shop\.test/,
);
test('no Host', answers, 'GET / HTTP/1.1\r\n\r\n', 400, () => /no Host/);
test(
	'a loop through another proxy ends',
	answers,
	'GET / HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Proto: https\r\n\r\n',
	508,
	() => /plaintext port/,
);
test('what is not HTTP', answers, 'hello?\r\n\r\n', 400, () => /HTTPS/);
test('a binary protocol', answers, '\x00\x01\x02\x03\r\n\r\n', 400, () => /HTTPS/);

test('what comes behind a GET gets no answer of its own', async t => {
	const tunnel = await startTunnel(t, 1);
	const client = await openTcp(t, tunnel.port);
	client.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\nhello?\r\n\r\n\x00\x01');
	const received = await client.closed();
	t.is(received.match(/HTTP\/1\.1 /g)?.length, 1, received);
	t.regex(received, /^HTTP\/1\.1 308 /);
});

test('what only looks like TLS is closed', async t => {
	const tunnel = await startTunnel(t, 1);
	const client = await openTcp(t, tunnel.port);
	client.write('\x16\x03\x01\x00\x05hello and more');
	t.notRegex(await client.closed(), /HTTP/);
});

onEachLane(test)('two proxies in a circle end with 508', async t => {
	const tunnel = await startTunnel(t, 1);
	const circle = await startTunnel(t, `127.0.0.1:${tunnel.port}`);

	t.is((await fetchHttp1(circle, '/')).status, 508);
});
