import {copyFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {startBackend} from '../helpers/backend.js';
import {issueFiles} from '../helpers/certificate-files.js';
import {handshake} from '../helpers/clients.js';
import {fetchHttp1} from '../helpers/fetch.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';
import {startTunnel} from '../helpers/tunnel.js';

test('a name that is new gets its leaf, and one that is gone is refused', async t => {
	const {port} = await startBackend(t, (_request, response) => response.end('hi'));
	const tunnel = await startTunnel(t, port, {names: ['former.test']});
	const ask = async (name: string) =>
		(await fetchHttp1(tunnel, '/', {servername: name, headers: {host: name}})).status;
	t.is(await ask('former.test'), 200);
	await tunnel.reload({routes: port, port: 0, names: ['later.test']});
	t.is(await ask('later.test'), 200);
	const refused = await fetchHttp1(tunnel, '/', {
		servername: 'localhost',
		headers: {host: 'former.test'},
	});
	t.is(refused.status, 421);
});

test("a certificate of one's own that was replaced under its path is served after a reload", async t => {
	const {port} = await startBackend(t, (_request, response) => response.end('hi'));
	const [former, later] = [await issueFiles(t, ['localhost']), await issueFiles(t, ['localhost'])];
	const directory = temporaryDirectory(t);
	const files = {cert: join(directory, 'cert.pem'), key: join(directory, 'key.pem')};
	const place = ({file, key}: typeof former) => {
		copyFileSync(file, files.cert);
		copyFileSync(key, files.key);
	};
	place(former);
	const tunnel = await startTunnel(t, port, files);
	const served = async () => {
		const socket = await handshake(tunnel.port, undefined, 'localhost');
		t.teardown(() => socket.destroy());
		return socket.getPeerX509Certificate()?.fingerprint256;
	};
	const first = await served();
	place(later);
	await tunnel.reload({routes: port, port: 0, ...files});
	const second = await served();
	t.not(first, second);
	t.deepEqual(
		[first, second].map(known => known?.length),
		[95, 95],
	);
});
