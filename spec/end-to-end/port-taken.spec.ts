import {once} from 'node:events';
import {type AddressInfo, connect, createServer} from 'node:net';
import test, {type ExecutionContext} from 'ava';
import {runSealport} from '../helpers/cli.js';
import {home} from '../helpers/home.js';
import {unless} from '../helpers/programs.js';

async function refusal(t: ExecutionContext, port: number): Promise<string> {
	const late = runSealport(t, home, ['3000', '--port', String(port)]);
	t.is(await late.ended, 1);
	t.is(late.stdout, '');
	t.regex(late.stderr, /^error: [^\n]+\nhint: [^\n]+\n$/);
	return late.stderr;
}

// Elsewhere the search takes the system's own programs, which have specs with recorded output.
const onLinux = unless(process.platform !== 'linux' && 'Linux only', false);

onLinux('a port that another program listens on: its pid and command', async t => {
	const server = createServer().listen(0, '127.0.0.1');
	t.teardown(() => server.close());
	await once(server, 'listening');
	const {port} = server.address() as AddressInfo;
	const text = await refusal(t, port);
	t.true(text.includes(`error: cannot listen on 127.0.0.1:${port}: held by `), text);
	t.true(text.includes(`(pid ${process.pid})`), text);
	t.regex(text, /\(pid \d+\), ".*node/);
	t.regex(text, /hint: .*--port 0/);
});

onLinux('a port that Sealport itself holds', async t => {
	const first = runSealport(t, home, [
		'demo',
		'--port',
		'0',
		'--json',
		'--name',
		'first.localhost',
	]);
	const {port} = await first.listening();
	const text = await refusal(t, port);
	t.true(text.includes(`held by another Sealport (pid ${first.child.pid}), "`), text);
	t.regex(text, /demo --port 0/);
	t.true(text.includes(`kill ${first.child.pid}`), text);
});

onLinux('a port that an outgoing connection holds', async t => {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const client = connect({port: (server.address() as AddressInfo).port, host: '127.0.0.1'});
	t.teardown(() => {
		client.destroy();
		server.close();
	});
	await once(client, 'connect');
	const port = client.localPort ?? 0;
	const text = await refusal(t, port);
	t.true(text.includes(`held by an outgoing connection of `), text);
	t.true(text.includes(`(pid ${process.pid})`), text);
	t.regex(text, /hint: try again/);
});

test('a port that is held on ::1 alone is taken, too', async t => {
	const server = createServer();
	t.teardown(() => server.close());
	server.listen({port: 0, host: '::1', ipv6Only: true});
	const [outcome] = await Promise.race([once(server, 'listening'), once(server, 'error')]);
	if (outcome !== undefined) {
		t.log('no IPv6 here');
		t.pass();
		return;
	}
	const {port} = server.address() as AddressInfo;
	const text = await refusal(t, port);
	t.true(text.includes(`cannot listen on [::1]:${port}`), text);
});
