import test from 'ava';
import {startBackend} from '../helpers/backend.js';
import {runSealport} from '../helpers/cli.js';
import {home} from '../helpers/home.js';

test('--route, repeatable, with commas, or in the environment', async t => {
	const {port} = await startBackend(t, (_, response) => response.end('hello'));
	const api = {match: '/api', backend: `http://localhost:${port}`};
	const named = {match: 'api.localhost', backend: 'unix:/run/x.sock'};
	const flags = ['--port', '0', '--json'];
	for (const [args, env, routes] of [
		[['--route', `/api=${port}`, '--route=api.localhost=unix:/run/x.sock'], {}, [api, named]],
		[[], {SEALPORT_ROUTE: `/api=${port}, api.localhost=unix:/run/x.sock`}, [api, named]],
		[['--route', `/api=${port}`], {SEALPORT_ROUTE: 'app.test=1'}, [api]],
		[
			['3000', '--route', `/api=${port}`],
			{},
			[{match: '/', backend: 'http://localhost:3000'}, api],
		],
	] as const) {
		const run = runSealport(t, home, [...flags, ...args], env);
		t.deepEqual((await run.listening()).routes, routes);
	}
});
