import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {frameworkArguments} from '../../../lib/run/frameworks/framework-arguments.js';
import {temporaryDirectory} from '../../helpers/temporary-directory.js';

const place = {port: 4444, host: '127.0.0.1', url: 'https://app.test:62893', cwd: '/'};

test('a name is told to frameworks that check hosts, whatever the command is', async t => {
	for (const command of [['vite'], ['make', 'dev'], ['npm', 'run', 'missing']]) {
		const {env} = await frameworkArguments(command, place);
		t.is(env.__VITE_ADDITIONAL_SERVER_ALLOWED_HOSTS, 'app.test');
		t.is(env.RAILS_DEVELOPMENT_HOSTS, 'app.test');
	}
});

test('localhost, names below it and addresses need no telling', async t => {
	for (const host of ['localhost:62893', 'app.localhost', '127.0.0.1:1', '[::1]:62893']) {
		const {env} = await frameworkArguments(['vite'], {...place, url: `https://${host}`});
		t.deepEqual(env, {}, host);
	}
});

test('a name that leads nowhere is not listened on', async t => {
	const url = 'https://name-that-leads-nowhere.invalid';
	const {command} = await frameworkArguments(['next', 'dev'], {...place, url});
	t.deepEqual(command.slice(2), ['--port', '4444', '--hostname', '127.0.0.1']);
});

test('webpack-dev-server is told where its page finds it, by flags that its version knows', async t => {
	const cwd = temporaryDirectory(t);
	const directory = join(cwd, 'node_modules', 'webpack-dev-server');
	mkdirSync(directory, {recursive: true});
	const usual = ['webpack', 'serve', '--port', '4444', '--host', '127.0.0.1'];
	const socket = ['--client-web-socket-url', 'auto://0.0.0.0:0/ws'];
	const cases = [
		['3.11.3', 'https://app.test', usual],
		['5.2.7', 'https://localhost:62893', [...usual, ...socket]],
		['5.2.7', 'https://app.test', [...usual, ...socket, '--allowed-hosts', 'app.test']],
	] as const;
	for (const [version, url, expected] of cases) {
		writeFileSync(join(directory, 'package.json'), JSON.stringify({version}));
		const {command} = await frameworkArguments(['webpack', 'serve'], {...place, cwd, url});
		t.deepEqual(command, expected, `${version} ${url}`);
	}
});

test('what has variables instead of flags is given them', async t => {
	const {env} = await frameworkArguments(['react-scripts', 'start'], place);
	t.is(env.WDS_SOCKET_PORT, '0');
	const {env: none} = await frameworkArguments(['react-scripts', 'test'], place);
	t.is(none.WDS_SOCKET_PORT, undefined);
});
