import {readFileSync} from 'node:fs';
import {connect} from 'node:net';
import ava, {type ExecutionContext} from 'ava';
import type {Limits} from '../../lib/config/limits.js';
import {whereThereIs} from '../helpers/addresses.js';
import {startBackend, startRawBackend} from '../helpers/backend.js';
import {runSealport} from '../helpers/cli.js';
import type {Endpoint} from '../helpers/endpoint.js';
import {fetchHttp2, openHttp2} from '../helpers/fetch.js';
import {home} from '../helpers/home.js';
import {laneFlags, onEachLane, test as onHttp1} from '../helpers/lanes.js';
import {follow, openTcp, openTls} from '../helpers/raw-client.js';
import {startTunnel} from '../helpers/tunnel.js';
import {until} from '../helpers/until.js';
import {fetchAs, openClient, test} from '../helpers/versions.js';

const head = 'GET / HTTP/1.1\r\nHost: localhost\r\n';

async function startLimited(t: ExecutionContext, limits: Partial<Limits>) {
	const {port} = await startBackend(t, (_request, response) => response.end('served'));
	return startTunnel(t, port, {limits});
}

/** The status of a request over HTTP/1.1 with these fields, and nothing else on its connection. */
async function statusOf(t: ExecutionContext, tunnel: Endpoint, fields: string): Promise<string> {
	const client = await openClient(t, tunnel);
	client.write(`${head}${fields}\r\n`);
	const received = await client.until('\r\n\r\n');
	client.socket.destroy();
	return received.slice(9, 12);
}

test('a head may be as large as it is allowed to be', async t => {
	const tunnel = await startLimited(t, {headSize: 2048});
	t.is(await statusOf(t, tunnel, `X-A: ${'a'.repeat(1500)}\r\n`), '200');
	t.is(await statusOf(t, tunnel, `X-A: ${'a'.repeat(2500)}\r\n`), '431');
});

test('a head may be larger than the default when that is allowed', async t => {
	// A server of Node.js would refuse it by a limit of its own.
	const {port} = await startRawBackend(t, socket =>
		socket.once('data', () => socket.end('HTTP/1.1 204 No Content\r\n\r\n')),
	);
	const tunnel = await startTunnel(t, port, {limits: {headSize: 131_072}});
	t.is(await statusOf(t, tunnel, `X-A: ${'a'.repeat(100_000)}\r\n`), '204');
});

onHttp1('a head may have as many fields as are allowed, over HTTP/1.1', async t => {
	const tunnel = await startLimited(t, {fields: 20});
	t.is(await statusOf(t, tunnel, 'X-A: 1\r\n'.repeat(19)), '200');
	t.is(await statusOf(t, tunnel, 'X-A: 1\r\n'.repeat(20)), '431');
});

onHttp1('a head may have as many fields as are allowed, over HTTP/2', async t => {
	const session = await openHttp2(t, await startLimited(t, {fields: 400}));
	const fields = (count: number) =>
		Object.fromEntries(Array.from({length: count}, (_, index) => [`x-${index}`, '1']));
	t.is((await fetchHttp2(session, {':path': '/', ...fields(390)})).status, 200);
	t.is((await fetchHttp2(session, {':path': '/', ...fields(410)})).status, 431);
});

onHttp1('a head may take as long as it is allowed to', async t => {
	const client = await openTls(t, await startLimited(t, {head: 100}));
	client.write(head);
	t.regex(await client.closed(), /^HTTP\/1\.1 408 /);
});

test('a connection may be idle as long as it is allowed to', async t => {
	const client = await openClient(t, await startLimited(t, {idle: 1000}));
	client.write(`${head}\r\n`);
	t.regex(await client.closed(), /^HTTP\/1\.1 200 [\s\S]*served/);
});

onHttp1('a handshake may take as long as it is allowed to', async t => {
	const tunnel = await startLimited(t, {handshake: 100});
	const client = await openTcp(t, tunnel.port);
	client.write(Buffer.of(0x16, 3, 1));
	t.is(await client.closed(), '');
});

onHttp1(
	'connections beyond what is allowed are closed unanswered, until others have gone',
	async t => {
		const tunnel = await startLimited(t, {connections: 2});
		const first = await openTls(t, tunnel);
		const second = await openTcp(t, tunnel.port);
		await t.throwsAsync(openTls(t, tunnel));
		const third = await openTcp(t, tunnel.port);
		t.is(await third.closed(), '');
		first.write(`${head}\r\n`);
		t.regex(await first.until('served'), /^HTTP\/1\.1 200 /);
		second.socket.destroy();
		await until('a connection is let in', () =>
			openTls(t, tunnel)
				.then(
					({socket}) => socket.destroy(),
					() => false,
				)
				.then(outcome => outcome !== false),
		);
		t.pass();
	},
);

onEachLane(whereThereIs('::1'))('connections are counted over all addresses', async t => {
	const tunnel = await startLimited(t, {connections: 1});
	await openTls(t, tunnel);
	const other = follow(t, connect(tunnel.port, '::1'));
	t.is(await other.closed(), '');
});

for (const [what, args, env] of [
	['--limit', ['--limit', 'fields=20', '--limit', 'head-size=1k'], {}],
	['SEALPORT_LIMIT', [], {SEALPORT_LIMIT: 'fields=20,head-size=1k'}],
] as const) {
	test(`${what} limits what clients may take`, async t => {
		const {port} = await startBackend(t, (_request, response) => response.end('served'));
		const flags = [String(port), '--port', '0', '--json', ...laneFlags(t), ...args];
		const {ca, ...sealport} = await runSealport(t, home, flags, env).listening();
		const tunnel = {...sealport, ca: readFileSync(ca ?? '', 'utf8')};
		const {status} = await fetchAs(t, tunnel, '/', {headers: {'x-a': 'a'.repeat(500)}});
		t.is(status, 200);
		t.is(await statusOf(t, tunnel, 'X-A: 1\r\n'.repeat(20)), '431');
		t.is(await statusOf(t, tunnel, `X-A: ${'a'.repeat(1500)}\r\n`), '431');
	});
}

ava('a limit that cannot be meant is named by its variable', async t => {
	const run = runSealport(t, home, ['3000'], {SEALPORT_LIMIT: 'idle=soon'});
	t.is(await run.ended, 2);
	t.regex(run.stderr, /^error: SEALPORT_LIMIT: .*idle.*got "soon"\nhint: .*idle=2m/);
});
