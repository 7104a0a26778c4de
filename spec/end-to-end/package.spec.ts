import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import test, {type ExecutionContext} from 'ava';
import {spawnProgram} from '../helpers/cli.js';
import {run} from '../helpers/run.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

const checkout = fileURLToPath(new URL('../../../', import.meta.url));

/** Runs npm, without the settings that an npm around this run leaves in the environment. */
async function npm(t: ExecutionContext, directory: string, ...args: string[]): Promise<string> {
	const {code, stdout, stderr} = await run('npm', ['--prefix', directory, ...args], {
		env: {INIT_CWD: directory, npm_config_local_prefix: directory},
	});
	t.is(code, 0, stderr);
	return stdout;
}

/** Scripts are left out: they build, and would do so under the specs that run beside this one. */
async function pack(t: ExecutionContext, destination: string) {
	const flags = ['--json', '--ignore-scripts', '--pack-destination', destination];
	const packed = JSON.parse(await npm(t, checkout, 'pack', checkout, ...flags)) as Array<{
		filename: string;
		files: Array<{path: string}>;
	}>;
	return {
		archive: join(destination, packed[0]?.filename ?? ''),
		paths: (packed[0]?.files ?? []).map(({path}) => path),
	};
}

test('the package holds what a user needs and nothing else', async t => {
	const {paths} = await pack(t, temporaryDirectory(t));
	const parts = /^dist\/(lib\/.+\.(js|d\.ts)|bin\/[\w-]+\.cjs)$/;
	const others = paths.filter(path => !parts.test(path));
	const allowed = [
		'CHANGELOG.md',
		'LICENSE',
		'README.md',
		'docs/access.md',
		'docs/containers.md',
		'docs/trust.md',
		'lib/config/schema.json',
		'package.json',
	];
	t.deepEqual(
		others.filter(path => !allowed.includes(path)),
		[],
	);
	for (const needed of ['package.json', 'dist/bin/sealport.cjs', 'dist/lib/index.d.ts']) {
		t.true(paths.includes(needed), needed);
	}
});

const consumer = `
import {serve, UserError, type ServeOptions, type Tunnel} from 'sealport';
import plugin from 'sealport/vite';

const options: ServeOptions = {routes: 3000, port: 0, certs: 'certs'};
await using tunnel: Tunnel = await serve(options);
tunnel.on('exchange', ({status}) => {
	const code: number | undefined = status;
	console.log(code);
});
const ca: string | undefined = tunnel.ca;
console.log(plugin({names: ['app.test']}).name, tunnel.url, ca?.split('\\n')[0]);
// @ts-expect-error a route is a number or a text
serve({routes: true}).catch((error: unknown) => console.log(error instanceof UserError));
await tunnel.close();
`;

test('installed in an empty project, it serves, and its types resolve', async t => {
	t.timeout(150_000);
	const directory = temporaryDirectory(t);
	const {archive} = await pack(t, directory);
	const project = join(directory, 'project');
	await mkdir(project);
	await writeFile(join(project, 'package.json'), '{"private": true, "type": "module"}');
	const quiet = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
	await npm(t, project, 'install', ...quiet, archive);

	const command = ['--no-install', 'sealport', 'demo', '--port', '0', '--json'];
	const demo = spawnProgram(t, project, 'npx', command, {}, true);
	const {url, ca} = await demo.listening();
	t.regex(url, /^https:\/\/localhost:\d+$/);
	t.regex(ca ?? '', /ca\.pem$/);

	await writeFile(join(project, 'consumer.ts'), consumer);
	const compiler = join(checkout, 'node_modules', 'typescript', 'bin', 'tsc');
	const types = ['--typeRoots', join(checkout, 'node_modules', '@types'), '--types', 'node'];
	const strict = ['--strict', '--module', 'nodenext', '--target', 'es2022'];
	const lib = ['--lib', 'es2023,esnext.disposable'];
	const args = [compiler, ...strict, ...lib, ...types, 'consumer.ts'];
	const compiled = spawnProgram(t, project, process.execPath, args);
	t.is(await compiled.ended, 0, compiled.stdout);
	const ran = spawnProgram(t, project, process.execPath, ['consumer.js']);
	t.is(await ran.ended, 0, ran.stderr);
	t.regex(ran.stdout, /sealport https:\/\/localhost:\d+ -----BEGIN CERTIFICATE-----/);
});
