import test from 'ava';
import {handshake} from '../helpers/clients.js';
import {fetchHttp2, openHttp2} from '../helpers/fetch.js';
import {onEachLane} from '../helpers/lanes.js';
import {startNamed} from '../helpers/routed.js';
import {startTunnel} from '../helpers/tunnel.js';
import {fetchAs, test as onEach, openClient} from '../helpers/versions.js';

onEachLane(test)('a thousand hosts have a leaf each, for exactly their name', async t => {
	t.timeout(240_000);
	const {one, other} = await startNamed(t, 'one', 'other');
	const name = (index: number) => `h${index}.app.test`;
	const routes: Record<string, number> = {'*.wild.test': other};
	for (let index = 0; index < 1000; index++) {
		routes[name(index)] = index % 2 === 0 ? one : other;
	}
	const tunnel = await startTunnel(t, 1, {routes});
	const altNamesFor = async (host: string) => {
		const socket = await handshake(tunnel.port, tunnel.ca, host);
		t.true(socket.authorized, host);
		const {subjectaltname} = socket.getPeerCertificate();
		socket.destroy();
		return subjectaltname;
	};
	for (let index = 0; index < 1000; index += 9) {
		t.is(await altNamesFor(name(index)), `DNS:${name(index)}`);
	}
	t.is(await altNamesFor('a.b.wild.test'), 'DNS:a.b.wild.test');
	t.regex((await altNamesFor('localhost')) ?? '', /^DNS:localhost, IP Address:127\.0\.0\.1/);
	for (const host of ['h1000.app.test', 'wild.test', 'app.test']) {
		await t.throwsAsync(handshake(tunnel.port, tunnel.ca, host), {
			code: 'ERR_TLS_CERT_ALTNAME_INVALID',
		});
	}
});

test('one HTTP/2 connection carries requests for the hosts of several routes', async t => {
	const ports = await startNamed(t, 'one', 'other', 'rest');
	const tunnel = await startTunnel(t, 1, {
		routes: {'a.test': ports.one, 'b.test/x': ports.other, '/': ports.rest},
		names: ['a.test', 'b.test'],
	});
	const session = await openHttp2(t, tunnel);
	for (let round = 0; round < 3; round++) {
		for (const [authority, path, expected] of [
			['a.test', '/x', 'one /x'],
			['b.test', '/x', 'other /x'],
			['b.test', '/y', 'rest /y'],
			['localhost', '/x', 'rest /x'],
			['A.test.', '/x', 'one /x'],
		] as const) {
			const {body} = await fetchHttp2(session, {':authority': authority, ':path': path});
			t.is(body, expected);
		}
	}
	const {status, body} = await fetchHttp2(session, {':authority': 'c.test', ':path': '/x'});
	t.is(status, 421);
	t.notRegex(body, /a\.test/);
});

onEach(
	'the next request of a connection goes by the routes that were loaded before it',
	async t => {
		const ports = await startNamed(t, 'one', 'other');
		const tunnel = await startTunnel(t, 1, {routes: {'/': ports.one}, port: 0});
		const client = await openClient(t, tunnel);
		const request = 'GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n';
		let length = 0;
		const ask = async (expected: string) => {
			client.write(request);
			while (!client.received.slice(length).includes(`${expected} `)) {
				await client.more();
			}
			t.true(client.received.slice(length).includes(`${expected} /`));
			length = client.received.length;
		};
		const options = {...storeOf(tunnel.caFile), wait: 0, port: tunnel.port};
		await ask('one');
		await ask('one');
		await tunnel.reload({...options, routes: {'/': ports.one, '/x': ports.other}});
		await ask('other');
		await tunnel.reload({...options, routes: {'/': ports.other, '/x': ports.one}});
		await ask('one');
	},
);

onEach('who asks for what has no route is told which one is near', async t => {
	const {one} = await startNamed(t, 'one');
	const tunnel = await startTunnel(t, 1, {
		routes: {'/admin': one, '/api/users': one, 'app.test': one, '/b': one, '/c': one},
	});
	const {status, headers, body} = await fetchAs(t, tunnel, '/api/user?<b>');
	t.is(status, 404);
	t.is(headers['sealport-error'], 'route-missing');
	t.regex(body, /^no route matches localhost:\d+\/api\/user \(/);
	t.regex(body, /\(the routes that this host has: \/api\/users, .*, and 1 more\)/);
	const page = await fetchAs(t, tunnel, '/<b>x', {headers: {accept: 'text/html'}});
	t.is(page.status, 404);
	t.notRegex(page.body, /<b>x/);
});

/** Where a tunnel has its certificates. */
function storeOf(caFile: string | undefined): {readonly certs: string} {
	return {certs: (caFile ?? '').replace(/[\\/][^\\/]*$/, '')};
}
