import test, {type ExecutionContext} from 'ava';
import {type Files, project, runIn, withoutPorts} from '../helpers/configured.js';

/** The routes that a configuration in code comes to. */
async function routesOf(t: ExecutionContext, files: Files): Promise<Record<string, unknown>> {
	const run = runIn(t, project(t, files), ['config', '--json'], withoutPorts(t));
	t.is(await run.ended, 0, run.stderr);
	t.is(run.stderr, '');
	const {tunnels} = JSON.parse(run.stdout) as {
		tunnels: Array<{routes: Array<{match: string; backend: string}>}>;
	};
	return Object.fromEntries((tunnels[0]?.routes ?? []).map(({match, backend}) => [match, backend]));
}

const at = (port: number) => `http://localhost:${port}`;

for (const [name, type] of [
	['sealport.config.ts', undefined],
	['sealport.config.ts', 'module'],
	['sealport.config.ts', 'commonjs'],
	['sealport.config.mts', undefined],
] as const) {
	test.serial(`TypeScript that only a compiler understands: ${name}, type ${type}`, async t => {
		const routes = await routesOf(t, {
			'package.json': type === undefined ? {} : {type},
			[name]: `
				import {type Config, defineConfig} from 'sealport';
				import {Port, ports} from './ports.ts';
				import bare from './bare';
				enum Paths {api = '/api', web = '/'}
				namespace Names { export const api = 'api.localhost'; }
				class Backend { constructor(readonly port: number) {} }
				const routes: Config['routes'] = {
					[Paths.web]: new Backend(Port.web).port,
					[Paths.api]: ports.api satisfies number,
					[Names.api]: bare!,
				};
				export default defineConfig({routes} as const);`,
			'ports.ts': `
				export enum Port {web = 3000}
				export const ports = {api: 4000 as number};`,
			'bare.ts': 'export default <number>5000;',
		});
		t.deepEqual(routes, {'/': at(3000), '/api': at(4000), 'api.localhost': at(5000)});
	});
}

for (const [name, type, text] of [
	['sealport.config.js', 'module', 'export default {routes: 3000};'],
	['sealport.config.js', 'commonjs', 'module.exports = {routes: 3000};'],
	['sealport.config.js', undefined, 'export default () => ({routes: 3000});'],
	['sealport.config.mjs', undefined, 'export default await Promise.resolve({routes: 3000});'],
	[
		'sealport.config.mjs',
		undefined,
		"import {defineConfig} from 'sealport'; export default defineConfig(async () => ({routes: 3000}));",
	],
] as const) {
	test.serial(`${name}, type ${type}: ${text}`, async t => {
		const files = {'package.json': type === undefined ? {} : {type}, [name]: text};
		t.deepEqual(await routesOf(t, files), {'/': at(3000)});
	});
}
