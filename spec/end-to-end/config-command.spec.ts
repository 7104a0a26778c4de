import {mkdirSync, realpathSync} from 'node:fs';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {type Files, hasBegun, project, runIn, withoutPorts, write} from '../helpers/configured.js';

interface Value {
	readonly value: unknown;
	readonly source: string;
}

interface Report {
	readonly file: string | null;
	readonly tunnels: ReadonlyArray<{
		readonly options: Readonly<Record<string, Value>>;
		readonly routes: ReadonlyArray<Readonly<Record<string, unknown>>>;
	}>;
}

/** What `sealport config --json` says in a directory; it starts nothing. */
async function report(
	t: ExecutionContext,
	directory: string,
	args: readonly string[] = [],
	env: NodeJS.ProcessEnv = {},
): Promise<Report> {
	const run = runIn(t, directory, ['config', '--json', ...args], {...withoutPorts(t), ...env});
	t.is(await run.ended, 0, run.stderr);
	t.false(hasBegun(directory));
	return JSON.parse(run.stdout) as Report;
}

const json = (content: unknown): Files => ({'sealport.config.json': content});

test.serial(
	'a flag goes before the environment, that before the file, that before the default',
	async t => {
		const directory = project(t, {
			'sealport.config.json': {
				backend: 3000,
				port: 1001,
				wait: 7,
				names: ['file.localhost'],
				limits: {fields: 50, headSize: 2048},
				lane: 'message',
				quiet: true,
			},
		});
		const args = [
			'--port',
			'1003',
			'--limit',
			'fields=60',
			'--no-quiet',
			'--name',
			'flag.localhost',
		];
		const env = {SEALPORT_PORT: '1002', SEALPORT_WAIT: '8', SEALPORT_NAME: 'env.localhost'};
		const file = (path: string) => `sealport.config.json: ${path}`;
		const {tunnels, file: found} = await report(t, directory, args, env);
		t.is(found, join(realpathSync(directory), 'sealport.config.json'));
		const options = tunnels[0]?.options ?? {};
		for (const [name, value, source] of [
			['port', 1003, '--port'],
			['wait', 8, 'SEALPORT_WAIT'],
			['names', ['flag.localhost'], '--name'],
			['limits.fields', 60, '--limit'],
			['limits.headSize', 2048, file('limits.headSize')],
			['limits.idle', 120_000, 'default'],
			['lane', 'message', file('lane')],
			['quiet', false, '--quiet'],
			['keyType', 'ec', 'default'],
		] as const) {
			t.deepEqual(options[name], {value, source}, name);
		}
	},
);

test.serial('a backend and --route replace the routes of the file that match the same', async t => {
	const directory = project(t, json({backend: 1, routes: {'/a': 2, '/b': 3, 'x.localhost': 4}}));
	const {tunnels} = await report(t, directory, [
		'5',
		'--route',
		'/b/=6',
		'--route',
		'new.localhost=7',
	]);
	const routes = Object.fromEntries(
		(tunnels[0]?.routes ?? []).map(({match, backend, source}) => [match, [backend, source]]),
	);
	const at = (port: number) => `http://localhost:${port}`;
	const inFile = 'sealport.config.json: ';
	t.deepEqual(routes, {
		'/': [at(5), 'argument'],
		'/b': [at(6), '--route'],
		'new.localhost': [at(7), '--route'],
		'/a': [at(2), `${inFile}routes["/a"]`],
		'x.localhost': [at(4), `${inFile}routes["x.localhost"]`],
	});
});

test.serial('a passphrase is shown by neither form, wherever it stands', async t => {
	const secret = 'zebra-with-battery';
	const directory = project(t, json({backend: 1, cert: 'a.pem', key: 'b.pem', passphrase: secret}));
	for (const args of [['config'], ['config', '--json'], ['config', '--passphrase', secret]]) {
		const run = runIn(t, directory, args);
		t.is(await run.ended, 0, run.stderr);
		t.false(`${run.stdout}${run.stderr}`.includes(secret));
		t.regex(run.stdout, /passphrase.*not shown/);
	}
});

test.serial('headers and credentials of routes are told by name only', async t => {
	const secret = 'zebra-with-battery';
	const route = {target: 1, auth: `me:${secret}`, headers: {authorization: secret}};
	const directory = project(t, json({routes: {'/': route}}));
	for (const args of [['config'], ['config', '--json']]) {
		const run = runIn(t, directory, args);
		t.false([undefined, ''].includes(run.stdout + (await run.ended)));
		t.false(`${run.stdout}${run.stderr}`.includes(secret), run.stdout);
	}
});

test.serial('for people: the file, each value with its source, each route', async t => {
	const directory = project(t, json({port: 1001, routes: {'/': 3000, '/api': 4000}}));
	const run = runIn(t, directory, ['config'], {SEALPORT_WAIT: '8'});
	t.is(await run.ended, 0, run.stderr);
	t.regex(run.stdout, /^file +sealport\.config\.json$/m);
	t.regex(run.stdout, /^port +1001 +sealport\.config\.json: port$/m);
	t.regex(run.stdout, /^wait +8 +SEALPORT_WAIT$/m);
	t.regex(run.stdout, /^host +loopback +default$/m);
	t.regex(
		run.stdout,
		/^\/api +http:\/\/localhost:4000 +wire +sealport\.config\.json: routes\["\/api"\]$/m,
	);
});

test.serial('the file is found upward, to the root of the repository and no further', async t => {
	const outside = project(t, json({port: 1001}));
	const inside = join(outside, 'repository');
	const deep = join(inside, 'packages/app');
	mkdirSync(deep, {recursive: true});
	mkdirSync(join(inside, '.git'));
	const portIn = async (directory: string) => {
		const args = ['config', '--json', '3000'];
		const run = runIn(t, directory, args, {HOME: '/nonexistent'});
		t.is(await run.ended, 0, run.stderr);
		return (JSON.parse(run.stdout) as Report).tunnels[0]?.options.port?.value;
	};
	t.is(await portIn(outside), 1001);
	t.is(await portIn(deep), 62_893);
	write(join(inside, 'package.json'), {name: 'x', sealport: {port: 1002}});
	t.is(await portIn(deep), 1002);
	write(join(inside, 'sealport.config.json'), {port: 1003});
	t.is(await portIn(deep), 1003);
	write(join(deep, 'package.json'), {name: 'y'});
	t.is(await portIn(deep), 1003);
	write(join(deep, 'sealport.config.mjs'), 'export default {port: 1004};');
	t.is(await portIn(deep), 1004);
});

test.serial(
	'paths in the file are relative to the file, those of flags to where one stands',
	async t => {
		const directory = realpathSync(
			project(
				t,
				json({routes: {'/': 'unix:run/app.sock'}, certs: 'certs', cert: 'a.pem', key: '/k.pem'}),
			),
		);
		const below = join(directory, 'below');
		mkdirSync(below);
		const {tunnels} = await report(t, below, ['--key', 'mine.pem'], {HOME: '/nonexistent'});
		const [tunnel] = tunnels;
		t.is(tunnel?.options.cert?.value, join(directory, 'a.pem'));
		t.is(tunnel?.options.certs?.value, join(directory, 'certs'));
		t.is(tunnel?.options.key?.value, 'mine.pem');
		t.is(tunnel?.routes[0]?.backend, `unix:${join(directory, 'run/app.sock')}`);
	},
);
