import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {readFileSync} from 'node:fs';
import type {ExecutionContext} from 'ava';
import {runSealport} from '../helpers/cli.js';
import {project, runIn} from '../helpers/configured.js';
import {fetchHttp1} from '../helpers/fetch.js';
import {onLinuxInTurn} from '../helpers/process.js';
import {pathOf, unless} from '../helpers/programs.js';
import {startHello} from '../helpers/strangers/stage.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';
import {until} from '../helpers/until.js';

/** The command line, asked by this program itself. */
async function start(t: ExecutionContext, flags: readonly string[], env: NodeJS.ProcessEnv = {}) {
	t.timeout(300_000);
	const home = temporaryDirectory(t);
	const backend = String(await startHello(t));
	const sealport = runSealport(t, home, [backend, '--port', '0', '--json', ...flags], env);
	const {port, ca} = await sealport.listening();
	const endpoint = {port, ca: readFileSync(ca ?? '', 'utf8')};
	const status = async (host = '127.0.0.1') =>
		(await fetchHttp1(endpoint, '/', {host, servername: 'localhost'})).status;
	return {sealport, port, status};
}

onLinuxInTurn('a process and its descendants, and nobody else', async t => {
	const shell = spawn('sh', {stdio: ['pipe', 'pipe', 'ignore']});
	t.teardown(() => shell.kill('SIGKILL'));
	const {port, status} = await start(t, ['--allow', `pid=${shell.pid}`]);
	let said = '';
	shell.stdout.on('data', chunk => {
		said += chunk;
	});
	const get = `require('node:https').get({port: ${port}, host: '127.0.0.1', servername: 'localhost',
		rejectUnauthorized: false}, ({statusCode}) => { console.log(statusCode); process.exit(); })`;
	const script = `"${process.execPath}" -e "${get.replaceAll('\n', ' ')}"`;
	t.is(await status(), 403);
	shell.stdin.write(`${script}\n`);
	await until('its child is answered', () => said === '200\n');
	shell.stdin.write(`sh -c '${script.replaceAll("'", `'\\''`)}; true'\n`);
	await until(`its grandchild is answered: ${said}`, () => said === '200\n200\n');
	t.is(await status(), 403);
	shell.stdin.end();
	await once(shell, 'close');
	t.is(await status(), 403);
});

const noNamespaces =
	process.platform !== 'linux'
		? 'needs Linux'
		: process.geteuid?.() !== 0 && 'needs root, to have another network';

unless(noNamespaces || (pathOf('unshare') === undefined && 'unshare not installed'), false)(
	'a network namespace: its processes, and nobody else',
	async t => {
		const own = await start(t, ['--allow', 'netns=/proc/self/ns/net']);
		t.is(await own.status(), 200);
		const other = spawn('unshare', ['--net', 'sh', '-c', 'echo ready; exec sleep 600']);
		t.teardown(() => other.kill('SIGKILL'));
		await once(other.stdout, 'data');
		const {status} = await start(t, ['--allow', `netns=/proc/${other.pid}/ns/net`]);
		t.is(await status(), 403);
		const denied = await start(t, ['--deny', `netns=/proc/${other.pid}/ns/net`]);
		t.is(await denied.status(), 200);
	},
);

onLinuxInTurn('no process of this machine is in a container that is not there', async t => {
	const id = '0123456789abcdef';
	const {status} = await start(t, ['--allow', `container=${id}`]);
	t.is(await status(), 403);
	const denied = await start(t, ['--deny', `container=${id}`]);
	t.is(await denied.status(), 200);
});

onLinuxInTurn('addresses: who has another one gets no further than the handshake', async t => {
	const {sealport, status} = await start(t, ['--allow', 'address=127.0.0.0/8']);
	t.is(await status(), 200);
	const refused = await t.throwsAsync(status('::1'));
	t.regex(`${refused}`, /alert access denied/i);
	await sealport.says(/^refused: a connection from ::1: policy allow: no rule allows ::1$/m);
	const denied = await start(t, ['--deny', 'address=::1']);
	t.is(await denied.status(), 200);
	await t.throwsAsync(denied.status('::1'), {message: /alert access denied/i});
});

onLinuxInTurn('rules from the environment, with semicolons between them', async t => {
	const rules = `user=65000;exe=${process.execPath}`;
	t.is(await (await start(t, [], {SEALPORT_ALLOW: rules})).status(), 200);
	t.is(await (await start(t, [], {SEALPORT_ALLOW: 'user=65000;user=65001'})).status(), 403);
	t.is(await (await start(t, [], {SEALPORT_DENY: rules})).status(), 403);
});

onLinuxInTurn('rules of a route hold for that route, beside those for all', async t => {
	t.timeout(300_000);
	const backend = await startHello(t);
	const own = `exe=${process.execPath}`;
	const directory = project(t, {
		'sealport.config.json': {
			allow: own,
			routes: {
				'/': backend,
				'/admin': {backend, allow: 'user=65000'},
				'/mine': {backend, allow: [own, 'user=65000']},
				'/shut': {backend, deny: own},
			},
		},
	});
	const sealport = runIn(t, directory, ['--port', '0', '--json']);
	const {port, ca} = await sealport.listening();
	const endpoint = {port, ca: readFileSync(ca ?? '', 'utf8')};
	const statuses = await Promise.all(
		['/', '/admin', '/admin/x', '/mine', '/shut'].map(
			async path => (await fetchHttp1(endpoint, path)).status,
		),
	);
	t.deepEqual(statuses, [200, 403, 403, 200, 403], sealport.stderr);
	await sealport.says(/^refused: GET \S+\/admin\/x from .*: policy allow: /m);
	await sealport.says(/^refused: GET \S+\/shut from .*: policy deny: /m);
});

onLinuxInTurn(
	'who is refused is told for whom it is taken, in the form that it asks for',
	async t => {
		t.timeout(300_000);
		const home = temporaryDirectory(t);
		const backend = String(await startHello(t));
		const flags = ['--port', '0', '--json', '--allow', 'user=65000'];
		const {port, ca} = await runSealport(t, home, [backend, ...flags]).listening();
		const endpoint = {port, ca: readFileSync(ca ?? '', 'utf8')};
		const ask = (accept: string) => fetchHttp1(endpoint, '/', {headers: {accept}});
		const {headers, body} = await ask('application/json');
		t.is(headers['sealport-error'], 'access-denied');
		const {status, code, message, hint} = JSON.parse(body);
		t.deepEqual([status, code, message], [403, 'access-denied', 'no rule allows this client']);
		t.true(hint.includes(`${process.execPath} (pid ${process.pid})`), hint);
		t.regex(hint, /to let it in: --allow user=[\w-]+,exe=\//);
		for (const accept of ['text/html', '*/*']) {
			const answer = await ask(accept);
			t.is(answer.status, 403);
			t.true(answer.body.includes(`${process.execPath} (pid ${process.pid})`), answer.body);
		}
	},
);
