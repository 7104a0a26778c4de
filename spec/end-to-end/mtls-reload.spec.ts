import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {ServeOptions} from '../../lib/index.js';
import {createAuthority} from '../../lib/pki/authority.js';
import {clientOf} from '../helpers/client-certificates.js';
import type {Endpoint} from '../helpers/endpoint.js';
import {fetchHttp1, fetchHttp2, openHttp2} from '../helpers/fetch.js';
import {test} from '../helpers/lanes.js';
import {type Guarded, openGuarded} from '../helpers/mtls/stage.js';
import {openTls} from '../helpers/raw-client.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

const get = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';

const reload = ({tunnel}: Guarded, options: Partial<ServeOptions>) =>
	tunnel.reload({routes: tunnel.routes[0]?.backend ?? '', port: tunnel.port, ...options});

const statusOf = async ({tunnel}: Guarded, shown: Endpoint['client']) =>
	(await fetchHttp1(tunnel, '/', {...shown})).status;

test('a reload that asks for certificates concerns who is connected, too', async t => {
	const stage = await openGuarded(t, {mtls: false});
	const {tunnel, clients, seen} = stage;
	const before = await openTls(t, {port: tunnel.port, ca: tunnel.ca, client: clients.alice});
	const session = await openHttp2(t, tunnel);
	before.write(get);
	await before.until('hello undefined');
	t.is((await fetchHttp2(session, {':path': '/'})).status, 200);
	await reload(stage, {mtls: ['alice']});
	before.write(get);
	t.notRegex((await before.closed()).slice(10), /HTTP\/1\.1 200/);
	const later = await fetchHttp2(session, {':path': '/'}).catch(() => undefined);
	t.not(later?.status, 200);
	t.is(await statusOf(stage, undefined), 403);
	t.is(await statusOf(stage, clients.alice), 200);
	t.is(await statusOf(stage, clients.bob), 403);
	await reload(stage, {mtls: ['alice', 'bob']});
	t.is(await statusOf(stage, clients.bob), 200);
	await reload(stage, {mtls: false});
	t.is(await statusOf(stage, undefined), 200);
	t.deepEqual(seen, [undefined, undefined, 'alice', 'bob', undefined]);
});

test('another authority counts at once, for names of every kind, and for who is connected', async t => {
	const stage = await openGuarded(t);
	const {tunnel, clients, seen} = stage;
	const other = await createAuthority(Date.now());
	const carol = await clientOf(other, 'carol');
	const clientCa = join(temporaryDirectory(t), 'clients.pem');
	writeFileSync(clientCa, other.root.toString());
	const before = await openTls(t, {port: tunnel.port, ca: tunnel.ca, client: clients.alice});
	before.write(get);
	await before.until('hello alice');
	await reload(stage, {mtls: true, clientCa});
	before.write(get);
	t.notRegex((await before.closed()).slice(10), /HTTP\/1\.1 200/);
	for (const servername of ['localhost', 'app.localhost', '']) {
		const as = (shown: object) => fetchHttp1(tunnel, '/', {...shown, servername});
		t.is((await as(clients.alice)).status, 403, servername);
		t.regex((await as(clients.alice)).body, /from another authority, "O=Sealport, CN=Sealport/);
		t.is((await as(carol)).body, 'hello carol', servername);
	}
	t.deepEqual(seen, ['alice', 'carol', 'carol', 'carol']);
});

test('a reload with a file that is wrong changes nothing', async t => {
	const stage = await openGuarded(t);
	const {clients} = stage;
	const clientCa = join(temporaryDirectory(t), 'clients.pem');
	await t.throwsAsync(reload(stage, {clientCa}), {code: 'certificate-unreadable'});
	writeFileSync(clientCa, 'no certificate');
	await t.throwsAsync(reload(stage, {clientCa}), {code: 'certificate-invalid'});
	t.is(await statusOf(stage, undefined), 403);
	t.is(await statusOf(stage, clients.bob), 403);
	t.is(await statusOf(stage, clients.alice), 200);
});

test('all authorities in the file count, and clients need not show those', async t => {
	const [first, second] = [await createAuthority(Date.now()), await createAuthority(Date.now())];
	const clientCa = join(temporaryDirectory(t), 'clients.pem');
	writeFileSync(clientCa, `${first.issuing}${second.root}${first.root}`);
	const stage = await openGuarded(t, {mtls: true, clientCa});
	const dave = await clientOf(first, 'dave');
	const [alone = ''] = dave.cert.split(/(?<=-----END CERTIFICATE-----\n)/);
	t.is(await statusOf(stage, dave), 200);
	t.is(await statusOf(stage, {...dave, cert: alone}), 200);
	t.is(await statusOf(stage, await clientOf(second, 'erin')), 200);
	t.is(await statusOf(stage, stage.clients.alice), 403, 'our own authority is not among them');
	t.is(await statusOf(stage, stage.clients.foreign), 403);
});

test('the same file with other authorities in it is another one', async t => {
	const [first, second] = [await createAuthority(Date.now()), await createAuthority(Date.now())];
	const clientCa = join(temporaryDirectory(t), 'clients.pem');
	writeFileSync(clientCa, first.root.toString());
	const stage = await openGuarded(t, {mtls: true, clientCa});
	const [ofFirst, ofSecond] = [await clientOf(first, 'dave'), await clientOf(second, 'erin')];
	t.is(await statusOf(stage, ofFirst), 200);
	t.is(await statusOf(stage, ofSecond), 403);
	writeFileSync(clientCa, second.root.toString());
	await reload(stage, {mtls: true, clientCa});
	t.is(await statusOf(stage, ofFirst), 403);
	t.is(await statusOf(stage, ofSecond), 200);
});
