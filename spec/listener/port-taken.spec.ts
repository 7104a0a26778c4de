import {once} from 'node:events';
import {createServer} from 'node:net';
import test from 'ava';
import type {Holder} from '../../lib/listener/holder/holder.js';
import {
	explainListenFailure,
	type ListenFailure,
	portTaken,
} from '../../lib/listener/port-taken.js';

const holder: Holder = {
	pid: 4121,
	name: 'node',
	command: 'vite --port 62893',
	uid: 1000,
	sealport: false,
	kind: 'listening',
};

function explain(code: string, change: Partial<ListenFailure> = {}) {
	const {message, hint, ...error} = explainListenFailure({
		port: 62_893,
		address: '127.0.0.1',
		cause: Object.assign(new Error(code), {code}),
		holder: undefined,
		outgoing: {first: 49_152, last: 65_535},
		platform: 'linux',
		...change,
	});
	return {code: error.code, message, hint: hint ?? ''};
}

test('a port that a program listens on', t => {
	t.deepEqual(explain('EADDRINUSE', {holder}), {
		code: 'port-taken',
		message: 'cannot listen on 127.0.0.1:62893: held by node (pid 4121), "vite --port 62893"',
		hint: 'stop it, or pass --port 0 to take a free port',
	});
});

test('a port that another Sealport listens on', t => {
	const sealport = {...holder, sealport: true, command: 'sealport 3000'};
	const {message, hint} = explain('EADDRINUSE', {holder: sealport});
	t.regex(message, /held by another Sealport \(pid 4121\), "sealport 3000"$/);
	t.regex(hint, /^it may already serve what you need; stop it with `kill 4121`/);
	t.regex(
		explain('EADDRINUSE', {holder: sealport, platform: 'win32'}).hint,
		/`taskkill \/PID 4121`/,
	);
});

test('a port that an outgoing connection has', t => {
	const firefox: Holder = {...holder, pid: 812, name: 'firefox', kind: 'connection'};
	const {message, hint} = explain('EADDRINUSE', {holder: firefox});
	t.is(
		message,
		'cannot listen on 127.0.0.1:62893: held by an outgoing connection of firefox (pid 812): port 62893 lies in the range the system takes for outgoing connections (49152-65535)',
	);
	t.regex(hint, /^try again, or pick another port with --port/);
	const outside = explain('EADDRINUSE', {holder: firefox, outgoing: {first: 32_768, last: 60_999}});
	t.notRegex(outside.message, /range/);
});

test('a port whose holder cannot be found', t => {
	const {message, hint} = explain('EADDRINUSE', {address: '::1'});
	t.is(message, 'cannot listen on [::1]:62893: held by another program');
	t.regex(hint, /--port 0.*ss -ltnp/);
	t.regex(explain('EADDRINUSE', {platform: 'darwin'}).hint, /lsof -nP -iTCP:62893/);
});

test('a port below 1024', t => {
	const linux = explain('EACCES', {port: 443});
	t.is(linux.code, 'port-forbidden');
	t.regex(linux.hint, /sudo sysctl net\.ipv4\.ip_unprivileged_port_start=443/);
	const macos = explain('EACCES', {port: 443, platform: 'darwin'});
	t.notRegex(macos.hint, /sysctl/);
	t.regex(macos.hint, /--port/);
});

test('a port that Windows keeps for itself, or gives to one program alone', t => {
	const kept = explain('EACCES', {platform: 'win32'});
	t.is(kept.code, 'port-forbidden');
	t.regex(kept.hint, /netsh interface ipv4 show excludedportrange protocol=tcp/);
	t.is(explain('EACCES', {platform: 'win32', holder}).code, 'port-taken');
});

test('an address that this machine does not have', t => {
	const {code, message, hint} = explain('EADDRNOTAVAIL', {address: '192.0.2.77'});
	t.is(code, 'address-unavailable');
	t.regex(message, /192\.0\.2\.77:62893: this machine does not have that address$/);
	t.regex(hint, /--host.*127\.0\.0\.1/);
});

test('a name that does not resolve, with its control characters escaped', t => {
	const {code, message} = explain('ENOTFOUND', {address: 'x\u001b[2J'});
	t.is(code, 'address-unavailable');
	t.notRegex(message, /\u001b/);
});

test('a port really taken', async t => {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	t.teardown(() => server.close());
	const address = server.address();
	const port = typeof address === 'object' && address !== null ? address.port : t.fail();
	const [cause] = await once(createServer().listen(port, '127.0.0.1'), 'error');
	const error = await portTaken(port, '127.0.0.1', cause);
	t.is(error.code, 'port-taken');
	t.is(error.cause, cause);
	if (process.platform === 'linux') {
		t.regex(error.message, new RegExp(`this process itself \\(pid ${process.pid}\\)`));
	}
});
