import test from 'ava';
import {openRawHttp2} from '../helpers/http2/client.js';
import type {Fields} from '../helpers/http2/fields.js';
import {frame} from '../helpers/http2/frames.js';
import type {Http2Peer} from '../helpers/http2/peer.js';
import {readBlock} from '../helpers/http2/read-block.js';
import {ok, startScripted} from '../helpers/scripted.js';
import {startTunnel} from '../helpers/tunnel.js';

/** What the first frame about the request is: the status, or the code of a reset. */
async function outcome(client: Http2Peer): Promise<string> {
	const {payload, code} = await client.next(
		({type}) => type === 'HEADERS' || type === 'RST_STREAM',
	);
	return code ?? readBlock(payload)[0]?.[1] ?? '';
}

function request(authority: string | undefined, hosts: readonly string[]): Fields {
	return [
		[':method', 'GET'],
		[':scheme', 'https'],
		...(authority === undefined ? [] : [[':authority', authority] as const]),
		[':path', '/'],
		...hosts.map(host => ['host', host] as const),
	];
}

const serves = test.macro({
	title: (what = '') => `HTTP/2: ${what} is served`,
	async exec(t, authority: string | undefined, hosts: readonly string[], expected: string) {
		const backend = await startScripted(t, ok);
		const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
		const client = await openRawHttp2(t, tunnel);
		client.send(frame.headers(1, request(authority, hosts)));
		await client.response(1);
		t.deepEqual(backend.received.match(/^host: .*$/gim), [`Host: ${expected}`]);
	},
});

test(':authority alone', serves, 'localhost:1234', [], 'localhost:1234');
test('Host alone', serves, undefined, ['localhost:1234'], 'localhost:1234');
test(':authority with the same Host', serves, 'localhost', ['localhost'], 'localhost');
test(
	':authority with the same Host in other casing',
	serves,
	'localhost',
	['LOCALHOST'],
	'localhost',
);

const refuses = test.macro({
	title: (what = '') => `HTTP/2: ${what} is refused and never reaches the backend`,
	async exec(
		t,
		authority: string | undefined,
		hosts: readonly string[],
		expected: readonly string[] = ['400'],
	) {
		const backend = await startScripted(t, ok);
		const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
		const client = await openRawHttp2(t, tunnel);
		client.send(frame.headers(1, request(authority, hosts)));
		const refusal = await outcome(client);
		t.true(expected.includes(refusal), refusal);
		t.is(backend.connections.length, 0);
	},
});

test(':authority with another Host', refuses, 'localhost', ['127.0.0.1']);
test(':authority with the Host on another port', refuses, 'localhost', ['localhost:1']);
// The nghttp2 in Node 22 and later resets such a stream itself, with PROTOCOL_ERROR; the one in
// Node 20 leaves the refusal to Sealport.
test(':authority with a user', refuses, 'user@localhost', [], ['400', 'PROTOCOL_ERROR']);
test('a Host with a comma', refuses, undefined, ['localhost,localhost']);
