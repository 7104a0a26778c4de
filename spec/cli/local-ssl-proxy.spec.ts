import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {asksForOldWays} from '../../lib/cli/flags.js';
import {oldProxies} from '../../lib/cli/local-ssl-proxy.js';
import {UserError} from '../../lib/errors.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

const silent = () => undefined;

async function configured(t: ExecutionContext, content: unknown, notices: string[] = []) {
	const file = join(temporaryDirectory(t), 'proxies.json');
	await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
	const proxies = await oldProxies({config: file}, {}, notice => notices.push(notice));
	return proxies.map(({port, routes, cert, key, names}) => ({port, routes, cert, key, names}));
}

const nothingElse = {cert: undefined, key: undefined, names: undefined};

test('flags: what is not said is what local-ssl-proxy takes', async t => {
	const [proxy] = await oldProxies({target: '3000'}, {}, silent);
	t.is(proxy?.port, 9001);
	t.is(proxy?.routes, 'localhost:3000');
	const [other] = await oldProxies({source: '9443'}, {}, silent);
	t.is(other?.port, 9443);
	t.is(other?.routes, 'localhost:9000');
});

test('flags: IPv6 host, and --port beside the old ones', async t => {
	const [proxy] = await oldProxies({hostname: '::1', target: '3000'}, {port: 8443}, silent);
	t.is(proxy?.port, 8443);
	t.is(proxy?.routes, '[::1]:3000');
});

test('a local host name is served under, too, as local-ssl-proxy does', async t => {
	const names = async (hostname: string) =>
		(await oldProxies({hostname}, {names: ['more.test']}, silent))[0]?.names;
	t.deepEqual(await names('App.test'), ['more.test', 'App.test']);
	t.deepEqual(await names('localhost'), ['more.test']);
	t.deepEqual(await names('example.com'), ['more.test']);
	t.deepEqual(await names('127.0.0.1'), ['more.test']);
});

test('a file with several proxies', async t => {
	const file = {
		'my app': {source: 3001, target: 3000, hostname: '127.0.0.1', cert: 'a.pem', key: 'b.pem'},
		other: {source: '4001'},
	};
	t.deepEqual(await configured(t, file), [
		{port: 3001, routes: '127.0.0.1:3000', cert: 'a.pem', key: 'b.pem', names: undefined},
		{port: 4001, routes: 'localhost:9000', ...nothingElse},
	]);
});

test('a file that is one proxy', async t => {
	t.deepEqual(await configured(t, {source: 3001, target: 3000}), [
		{port: 3001, routes: 'localhost:3000', ...nothingElse},
	]);
});

test('a field that is not known is passed over, with a notice', async t => {
	const notices: string[] = [];
	const [proxy] = await configured(t, {app: {source: 1, target: 2, traget: 3}}, notices);
	t.is(proxy?.routes, 'localhost:2');
	t.is(notices.length, 1);
	t.regex(notices[0] ?? '', /"app"\.traget: .*target/);
});

const refused = test.macro({
	title: (_, content) => `refuses ${JSON.stringify(content)}`,
	async exec(t, content: unknown, telling: RegExp) {
		const error = await t.throwsAsync(configured(t, content), {instanceOf: UserError});
		t.is(
			(error as UserError).code,
			telling.source.includes('port') ? 'option-invalid' : 'config-invalid',
		);
		t.regex(error?.message ?? '', telling);
		t.truthy((error as UserError).hint);
	},
});

test(refused, '{"a": {', /proxies\.json is not JSON/);
test(refused, [], /names no proxies/);
test(refused, {}, /names no proxies/);
test(refused, 5, /names no proxies/);
test(refused, {app: 5}, /"app": expected an object, got 5/);
test(refused, {app: {cert: 5}}, /"app"\.cert: expected text, got 5/);
test(refused, {app: {source: 99_999}}, /"app"\.source: expected a port .*"99999"/);
test(refused, {app: {target: 'x'}}, /"app"\.target: expected a port .*"x"/);
test(refused, {source: 1, target: 0}, /: target: expected a port .*"0"/);

test(
	refused,
	{app: {source: 8443}, shop: {source: 1}, blog: {source: '8443'}},
	/"blog"\.source: 8443 .*"app"\.source/,
);

test('two proxies may both take a free port', async t => {
	t.is((await configured(t, {app: {source: 0}, blog: {source: 0}})).length, 2);
});

test('a port given beside the file is one like the others', async t => {
	const config = join(temporaryDirectory(t), 'two.json');
	await writeFile(config, JSON.stringify({app: {target: 1}, blog: {source: 8443, target: 2}}));
	const free = await oldProxies({config}, {port: '0'}, silent);
	t.deepEqual(
		free.map(({port}) => port),
		[0, 8443],
	);
	await t.throwsAsync(oldProxies({config}, {port: '8443'}, silent), {code: 'config-invalid'});
	await writeFile(config, JSON.stringify({app: {target: 1}, blog: {target: 2}}));
	t.is((await oldProxies({config}, {port: '0'}, silent)).length, 2);
});

test('a file that is not there', async t => {
	const config = join(temporaryDirectory(t), 'missing.json');
	const error = await t.throwsAsync(oldProxies({config}, {}, silent), {instanceOf: UserError});
	t.is((error as UserError).code, 'config-unreadable');
	t.regex(error?.message ?? '', /missing\.json: no such file/);
});

test('which flags are those of local-ssl-proxy alone', t => {
	t.true(asksForOldWays({source: '1'}));
	t.true(asksForOldWays({target: '1'}));
	t.false(asksForOldWays({port: '1', cert: 'a', key: 'b', config: 'x'}));
});
