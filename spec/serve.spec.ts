import test, {type ExecutionContext} from 'ava';
import {type ServeOptions, serve, UserError, type UserErrorCode} from '../lib/index.js';
import {startBackend} from './helpers/backend.js';
import {dial, refuses} from './helpers/dial.js';
import {fetchHttp1} from './helpers/fetch.js';
import {temporaryDirectory} from './helpers/temporary-directory.js';
import {startTunnel} from './helpers/tunnel.js';

const hello = (t: ExecutionContext) =>
	startBackend(t, (_request, response) => response.end('hello'));

for (const form of ['number', 'text']) {
	test(`routes as a ${form}, a free port, and a ca that clients can use`, async t => {
		const {port} = await hello(t);
		const tunnel = await startTunnel(t, form === 'number' ? port : `127.0.0.1:${port}`);
		t.is(tunnel.url, `https://localhost:${tunnel.port}`);
		t.is(tunnel.addresses[0], '127.0.0.1');
		t.is(tunnel.routes[0]?.match, '/');
		t.is((await fetchHttp1(tunnel, '/')).body, 'hello');
		const distrusting = {host: 'localhost', port: tunnel.port, ca: undefined};
		await t.throwsAsync(fetchHttp1(tunnel, '/', distrusting), {message: /certificate/});
	});
}

test('await using closes it', async t => {
	const {port} = await hello(t);
	const certs = temporaryDirectory(t);
	let seen = 0;
	{
		await using tunnel = await serve({routes: port, port: 0, certs});
		seen = tunnel.port;
		t.is(await dial(seen), 'accepted');
	}
	await t.notThrowsAsync(refuses(seen));
});

test('close may be asked for more than once, and is told of once', async t => {
	const tunnel = await startTunnel(t, 3000);
	let closed = 0;
	tunnel.on('close', () => {
		closed++;
	});
	await Promise.all([tunnel.close(), tunnel.close(), tunnel[Symbol.asyncDispose]()]);
	t.is(closed, 1);
	await t.notThrowsAsync(refuses(tunnel.port));
});

test('a signal that has aborted before: nothing is opened', async t => {
	const reason = new Error('no longer wanted');
	const signal = AbortSignal.abort(reason);
	const error = await t.throwsAsync(startTunnel(t, 3000, {signal}));
	t.is(error, reason);
});

test('a signal that aborts later closes it', async t => {
	const controller = new AbortController();
	const tunnel = await startTunnel(t, 3000, {signal: controller.signal});
	const closed = new Promise<void>(resolve => tunnel.once('close', resolve));
	controller.abort();
	await closed;
	await t.notThrowsAsync(refuses(tunnel.port));
});

test('events tell of the handshake and the exchange', async t => {
	const {port} = await hello(t);
	const tunnel = await startTunnel(t, port);
	const handshake = new Promise<string>(resolve => {
		tunnel.once('handshake', told => resolve(JSON.stringify(told)));
	});
	const exchange = new Promise<[string, number | undefined, boolean]>(resolve => {
		tunnel.once('exchange', told => resolve([told.target, told.status, told.complete]));
	});
	await fetchHttp1(tunnel, '/page');
	t.regex(await handshake, /TLSv1\.3/);
	t.deepEqual(await exchange, ['/page', 200, true]);
});

test('two tunnels in one process know nothing of each other', async t => {
	const [one, two] = [await hello(t), await startBackend(t, (_, answer) => answer.end('other'))];
	const [first, second] = [await startTunnel(t, one.port), await startTunnel(t, two.port)];
	t.not(first.port, second.port);
	await first.close();
	t.is((await fetchHttp1(second, '/')).body, 'other');
});

const refused = test.macro({
	title: (_, code: UserErrorCode, options: Partial<ServeOptions>) =>
		`${code}: ${JSON.stringify(options)}`,
	async exec(t, code: UserErrorCode, options: Partial<ServeOptions>) {
		const error = await t.throwsAsync(startTunnel(t, 3000, options), {instanceOf: UserError});
		t.is((error as UserError).code, code);
		t.is(error?.name, 'UserError');
		t.truthy((error as UserError).hint);
	},
});

test(refused, 'option-invalid', {routes: 'https://localhost:3000'});
test(refused, 'option-invalid', {port: 70_000});
test(refused, 'option-invalid', {host: 'example.com'});
test(refused, 'option-invalid', {cert: 'own.pem'});
test(refused, 'name-outside-constraints', {names: ['example.com']});
test(refused, 'certificate-unreadable', {cert: 'missing.pem', key: 'missing.key'});
test(refused, 'address-unavailable', {host: '203.0.113.77', expose: 'anyone', selfSigned: true});

test('port-taken', async t => {
	const {port} = await hello(t);
	const error = await t.throwsAsync(startTunnel(t, 3000, {port}), {instanceOf: UserError});
	t.is((error as UserError).code, 'port-taken');
});
