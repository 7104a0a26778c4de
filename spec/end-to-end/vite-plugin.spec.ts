import {readFileSync, writeFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {createServer} from 'node:net';
import {dirname, join} from 'node:path';
import {pathToFileURL} from 'node:url';
import test, {type ExecutionContext} from 'ava';
import {openChromium} from '../helpers/chromium.js';
import {spawnProgram} from '../helpers/cli.js';
import {fetchHttp1} from '../helpers/fetch.js';
import {freePort} from '../helpers/free-port.js';
import {needs} from '../helpers/programs.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';
import {until} from '../helpers/until.js';
import {configure, linkSealport, pluginCerts, runVite} from '../helpers/vite-plugin.js';

const vite = createRequire(import.meta.url).resolve('vite/package.json');

function get(url: string) {
	const {hostname, host, port, pathname} = new URL(url);
	const ca = readFileSync(join(pluginCerts, 'ca.pem'), 'utf8');
	return fetchHttp1({port: Number(port), ca}, pathname, {servername: hostname, headers: {host}});
}

function project(t: ExecutionContext): string {
	const directory = temporaryDirectory(t);
	linkSealport(directory);
	const files = {
		'package.json': '{"type": "module"}',
		'index.html': `<!doctype html><link rel="icon" href="data:,"><h1></h1><img><script type="module" src="/main.js"></script>`,
		'main.js': `import {greeting} from './greeting.js';
import image from './dot.svg?no-inline';
const show = text => { document.querySelector('h1').textContent = text; };
show(greeting);
document.querySelector('img').src = image;
import.meta.hot?.accept('./greeting.js', changed => show(changed.greeting));
`,
		'greeting.js': `export const greeting = 'hello through the plugin';\n`,
		'dot.svg': '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>\n',
	};
	for (const [name, text] of Object.entries(files)) {
		writeFileSync(join(directory, name), text);
	}
	return directory;
}

needs('chromium', 'certutil')(
	'with the plugin, Vite serves a trusted page whose modules are replaced',
	async t => {
		const directory = project(t);
		configure(directory);
		const run = runVite(t, directory, vite, '--port', String(await freePort()));
		const [url = '', plain = ''] = await run.urls();
		t.regex(url, /^https:\/\/localhost:\d+\/$/);
		t.regex(plain, /^http:\/\/localhost:\d+\/$/);
		const {page, errors, failed} = await openChromium(t, join(pluginCerts, 'ca.pem'));
		const socket = page.waitForEvent('websocket');
		await page.goto(url);
		await page.getByText('hello through the plugin').waitFor();
		t.true((await socket).url().startsWith(url.replace('https:', 'wss:')));
		t.is(await page.locator('img').getAttribute('src'), `${url}dot.svg?no-inline`);
		await page.evaluate("window.kept = 'state of the page'");
		writeFileSync(join(directory, 'greeting.js'), `export const greeting = 'edited meanwhile';\n`);
		await page.getByText('edited meanwhile').waitFor();
		t.is(await page.evaluate('window.kept'), 'state of the page');

		configure(directory, {wait: 6});
		await run.says('server restarted');
		writeFileSync(join(directory, 'greeting.js'), `export const greeting = 'edited after it';\n`);
		await page.getByText('edited after it').waitFor();
		t.is(page.url(), url);
		t.deepEqual(
			failed.filter(line => !/ERR_(CONNECTION_REFUSED|ABORTED)/.test(line)),
			[],
		);
		t.deepEqual(
			errors.filter(line => !/WebSocket|ERR_CONNECTION_REFUSED|server connection lost/.test(line)),
			[],
		);
	},
);

test('names are served, allowed by Vite, and the first is in the URL', async t => {
	const directory = project(t);
	configure(directory, {names: ['app.test']}, {base: '/shop/'});
	const run = runVite(t, directory, vite, '--port', String(await freePort()));
	const [url = ''] = await run.urls();
	t.regex(url, /^https:\/\/app\.test:\d+\/shop\/$/);
	const {status, body} = await get(url);
	t.is(status, 200);
	t.regex(body, /<h1>/);
});

test('a restart by a changed configuration keeps port and serves on, with what has changed', async t => {
	const directory = project(t);
	for (const port of [0, await freePort()]) {
		configure(directory, {port});
		const run = runVite(t, directory, vite, '--port', String(await freePort()));
		const [url = ''] = await run.urls();
		const other = url.replace('localhost', 'later.test');
		await t.throwsAsync(get(other));
		configure(directory, {port, names: ['later.test']});
		await run.says('server restarted');
		t.is((await get(other)).status, 200, run.said());
		t.notRegex(run.said(), /no HTTPS/);
		run.child.kill('SIGTERM');
		await run.ended;
	}
});

test('a port that is taken: Vite says why and goes on', async t => {
	const taken = createServer().listen(0, '127.0.0.1');
	t.teardown(() => taken.close());
	await new Promise(resolve => taken.once('listening', resolve));
	const {port} = taken.address() as {port: number};
	const directory = project(t);
	configure(directory, {port});
	const run = runVite(t, directory, vite, '--port', String(await freePort()));
	const [plain = ''] = await run.urls();
	t.regex(plain, /^http:/);
	t.regex(run.said(), new RegExp(`no HTTPS: .*${port}.*\\n *hint: `));
	t.is((await fetch(plain)).status, 200);
});

test('Ctrl+C and SIGTERM end it', async t => {
	const directory = project(t);
	configure(directory);
	for (const signal of ['SIGINT', 'SIGTERM'] as const) {
		const run = runVite(t, directory, vite, '--port', String(await freePort()));
		const [url = ''] = await run.urls();
		run.child.kill(signal);
		await run.ended;
		await t.throwsAsync(get(url), {message: /ECONNREFUSED/});
	}
});

test('a build is left alone, and the preview of it is served', async t => {
	const directory = project(t);
	configure(directory);
	const build = runVite(t, directory, vite, 'build');
	t.is(await build.ended, 0, build.said());
	t.notRegex(build.said(), /https:|sealport/);
	t.notRegex(readFileSync(join(directory, 'dist', 'index.html'), 'utf8'), /https:/);
	const preview = runVite(t, directory, vite, 'preview', '--port', String(await freePort()));
	const [url = ''] = await preview.urls();
	t.regex(url, /^https:\/\/localhost:\d+\/$/);
	await until('the preview answers', async () => (await get(url)).status === 200);
});

test('as part of another server, Vite says that Sealport has not started', async t => {
	const directory = project(t);
	configure(directory);
	const module = pathToFileURL(join(dirname(vite), 'dist', 'node', 'index.js'));
	const script = `import {createServer} from '${module}';
await createServer({server: {middlewareMode: true, ws: false}});
process.exit();
`;
	const run = spawnProgram(t, directory, process.execPath, ['--input-type=module', '-e', script]);
	await run.says('sealport: not started, since Vite is part of another server');
	t.is(await run.ended, 0);
});
