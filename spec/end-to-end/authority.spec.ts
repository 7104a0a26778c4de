import test from 'ava';
import {openRawHttp2, type RawHttp2} from '../helpers/raw-http2.js';
import {ok, startScripted} from '../helpers/scripted.js';
import {startTunnel} from '../helpers/tunnel.js';

/** What the first frame about the request is: `400`, a reset with its code, or something else. */
async function outcome(client: RawHttp2): Promise<string> {
	const {type, payload} = await client.frame(({type}) => type === 'headers' || type === 'reset');
	if (type === 'reset') {
		return `reset with ${payload.readUInt32BE()}`;
	}
	// HPACK has 400 in its static table (RFC 7541 appendix A).
	return payload[0] === 0x8c ? '400' : 'another response';
}

function request(authority: string | undefined, hosts: readonly string[]): Array<[string, string]> {
	return [
		[':method', 'GET'],
		[':scheme', 'https'],
		...(authority === undefined ? [] : [[':authority', authority] as [string, string]]),
		[':path', '/'],
		...hosts.map(host => ['host', host] as [string, string]),
	];
}

const serves = test.macro({
	title: (what = '') => `HTTP/2: ${what} is served`,
	async exec(t, authority: string | undefined, hosts: readonly string[], expected: string) {
		const backend = await startScripted(t, ok);
		const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
		const client = await openRawHttp2(t, tunnel);
		client.headers(1, request(authority, hosts));
		await client.frame(({type, endStream}) => type === 'data' && endStream);
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
		client.headers(1, request(authority, hosts));
		const refusal = await outcome(client);
		t.true(expected.includes(refusal), refusal);
		t.is(backend.connections.length, 0);
	},
});

test(':authority with another Host', refuses, 'localhost', ['127.0.0.1']);
test(':authority with the Host on another port', refuses, 'localhost', ['localhost:1']);
// The nghttp2 in Node 22 and later resets such a stream itself, with PROTOCOL_ERROR (1); the one in
// Node 20 leaves the refusal to Sealport.
test(':authority with a user', refuses, 'user@localhost', [], ['400', 'reset with 1']);
test('a Host with a comma', refuses, undefined, ['localhost,localhost']);
