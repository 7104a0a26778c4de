import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import type {ServeOptions} from '../../lib/index.js';
import {startRecording} from '../helpers/recording-backend.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';
import {startTunnel} from '../helpers/tunnel.js';
import {fetchAs, test} from '../helpers/versions.js';

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

async function start(t: ExecutionContext, options: Partial<ServeOptions>) {
	const backend = await startRecording(t);
	const tunnel = await startTunnel(t, backend.port, options);
	const told: string[] = [];
	tunnel.on('exchange', report => told.push(JSON.stringify(report)));
	tunnel.on('refusal', refusal => told.push(JSON.stringify(refusal)));
	return {
		...{backend, tunnel, told},
		ask: (authorization?: string, headers: Record<string, string> = {}) =>
			fetchAs(t, tunnel, '/x', {
				headers: authorization === undefined ? headers : {...headers, authorization},
			}),
	};
}

test('a password lets in, and goes no further', async t => {
	const {ask, backend, told} = await start(t, {auth: 'alice:hush:hush'});
	for (const wrong of [
		undefined,
		basic('alice:hush'),
		basic('bob:hush:hush'),
		'Bearer hush:hush',
	]) {
		const response = await ask(wrong);
		t.is(response.status, 401);
		t.is(response.headers['www-authenticate'], 'Basic realm="Sealport", charset="UTF-8"');
	}
	t.is(backend.received, '');
	for (const scheme of ['Basic', 'basic']) {
		const response = await ask(basic('alice:hush:hush').replace('Basic', scheme));
		t.is(response.status, 200);
		t.false(/authorization/i.test(response.body));
	}
	for (const secret of ['hush:hush', Buffer.from('alice:hush:hush').toString('base64')]) {
		t.false(backend.received.includes(secret));
		t.false(told.join('\n').includes(secret));
	}
});

test('several users of a file, in UTF-8, and changes of it by a reload', async t => {
	const authFile = join(temporaryDirectory(t), 'users');
	writeFileSync(authFile, 'björn:grün\nalice:one\n', {mode: 0o600});
	const {ask, tunnel, backend} = await start(t, {authFile});
	t.is((await ask(basic('björn:grün'))).status, 200);
	t.is((await ask(basic('alice:one'))).status, 200);
	const options = {routes: backend.port, port: tunnel.port, wait: 0, authFile};
	writeFileSync(authFile, 'alice:two\n');
	await tunnel.reload(options);
	t.is((await ask(basic('alice:one'))).status, 401);
	t.is((await ask(basic('alice:two'))).status, 200);
	writeFileSync(authFile, 'alice\n');
	await t.throwsAsync(tunnel.reload(options), {message: /^authFile: line 1 of /});
	t.is((await ask(basic('alice:two'))).status, 200);
	t.is((await ask()).status, 401);
});

test('either token or password suffices', async t => {
	const {ask, tunnel} = await start(t, {token: true, auth: 'alice:hush'});
	const token = tunnel.link?.split('sealport-token=')[1];
	t.is((await ask(basic('alice:hush'))).status, 200);
	t.is((await ask(`Bearer ${token}`)).status, 200);
	t.is((await ask(basic(`:${token}`))).status, 401);
	t.is((await ask('Bearer alice:hush')).status, 401);
	t.is((await ask()).status, 401);
});
