import {readFileSync, renameSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {startBackend} from '../helpers/backend.js';
import {project, runIn, write} from '../helpers/configured.js';
import {fetchHttp1} from '../helpers/fetch.js';
import {until} from '../helpers/until.js';

const says = async (t: ExecutionContext, text: string) =>
	(await startBackend(t, (_, response) => response.end(text))).port;

async function start(t: ExecutionContext, files: Readonly<Record<string, unknown>>) {
	t.timeout(180_000);
	const directory = project(t, files);
	const run = runIn(t, directory, ['--port', '0', '--json']);
	const {port, ca} = await run.listening();
	const endpoint = {port, ca: readFileSync(ca ?? '', 'utf8')};
	const get = async () => (await fetchHttp1(endpoint, '/')).body;
	return {directory, run, get};
}

const times = (text: string, what: RegExp) => [...text.matchAll(what)].length;

test.serial('a changed file is taken; a broken one is told once, and changes nothing', async t => {
	const [one, two] = [await says(t, 'one'), await says(t, 'two')];
	const {directory, run, get} = await start(t, {'sealport.config.json': {routes: one}});
	const file = join(directory, 'sealport.config.json');
	t.is(await get(), 'one');
	write(file, '{"routes": ');
	await run.says(/^error: config: sealport\.config\.json:1:\d+: not JSON/m);
	t.is(await get(), 'one');
	write(file, {routes: two, prot: 1});
	await run.says(/^error: prot: .*got 1$/m);
	run.child.kill('SIGHUP');
	run.child.kill('SIGHUP');
	t.is(await get(), 'one');
	write(join(directory, 'new'), {routes: two});
	renameSync(join(directory, 'new'), file);
	await run.says(/"event":"reloaded".*\n/);
	t.is(await get(), 'two');
	t.is(times(run.stderr, /^error: prot/gm), 1);
	rmSync(file);
	await run.says(/^error: config: .*is gone$/m);
	t.is(await get(), 'two');
	write(file, {routes: one});
	await run.says(/("event":"reloaded"[\s\S]*){2}\n/);
	t.is(await get(), 'one');
	run.child.kill('SIGTERM');
	t.is(await run.ended, 143);
});

test.serial('a file that the configuration imports is watched, and read anew', async t => {
	const [one, two] = [await says(t, 'one'), await says(t, 'two')];
	const {directory, run, get} = await start(t, {
		'sealport.config.ts': `
			import {defineConfig} from 'sealport';
			import {port} from './ports/dev.ts';
			export default defineConfig(async () => ({routes: {'/': port satisfies number}}));`,
		'ports/dev.ts': `export const port: number = ${one};`,
	});
	t.is(await get(), 'one');
	write(join(directory, 'ports/dev.ts'), `export const port: number = ${two};`);
	await run.says(/"event":"reloaded".*\n/);
	t.is(await get(), 'two');
});

test.serial('without a configuration file SIGHUP reads nothing, and says so', async t => {
	t.timeout(180_000);
	const run = runIn(t, project(t, {}), ['3000', '--port', '0', '--json']);
	await run.listening();
	run.child.kill('SIGHUP');
	await run.says(/SIGHUP: there is no configuration file/);
	run.child.kill('SIGTERM');
	t.is(await run.ended, 143);
});

test.serial(
	'a promise of the configuration that fails unheard is told, and ends nothing',
	async t => {
		const one = await says(t, 'one');
		const {directory, run, get} = await start(t, {
			'sealport.config.mjs': `export default {routes: ${one}};`,
		});
		t.is(await get(), 'one');
		write(
			join(directory, 'sealport.config.mjs'),
			`Promise.reject(new Error('unheard')); export default {routes: ${one}};`,
		);
		await run.says(/^error: a promise has failed that nobody waits for: unheard, at .*\.mjs/m);
		await run.says(/"event":"reloaded".*\n/);
		t.is(await get(), 'one');
		run.child.kill('SIGTERM');
		t.is(await run.ended, 143);
	},
);

test.serial('a change is taken that came between the reading and the watching', async t => {
	const [one, two] = [await says(t, 'one'), await says(t, 'two')];
	const {get} = await start(t, {
		'port.txt': String(one),
		'sealport.config.mjs': `
			import {readFileSync, writeFileSync} from 'node:fs';
			const routes = Number(readFileSync('./port.txt', 'utf8'));
			if (routes === ${one}) {
				writeFileSync('./port.txt', '${two}');
			}
			export default {routes};`,
	});
	await until('the later one is served', async () => (await get()) === 'two');
	t.pass();
});
