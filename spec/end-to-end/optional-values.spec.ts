import test from 'ava';
import {runSealport} from '../helpers/cli.js';
import {project, runIn, withoutPorts} from '../helpers/configured.js';
import {home} from '../helpers/home.js';

interface Config {
	readonly tunnels: ReadonlyArray<{
		readonly options: Record<string, {readonly value: unknown; readonly source: string}>;
	}>;
}

for (const flag of ['token', 'mtls', 'expose']) {
	const rest = flag === 'expose' ? ['--token'] : [];
	test(`--${flag} does not take the backend for its value`, async t => {
		const run = runSealport(t, home, ['config', `--${flag}`, '3000', '--json', ...rest]);
		t.is(await run.ended, 0, run.stderr);
		const {tunnels} = JSON.parse(run.stdout) as Config;
		t.is(tunnels[0]?.options[flag]?.value, true, run.stdout);
		t.regex(run.stdout, /localhost:3000/);
	});
}

for (const flag of ['token', 'mtls', 'expose']) {
	test(`SEALPORT_${flag.toUpperCase()}=false goes before the configuration file`, async t => {
		const directory = project(t, {
			'sealport.config.json': {backend: 3000, token: flag !== 'expose', [flag]: true},
		});
		const env = {...withoutPorts(t), [`SEALPORT_${flag.toUpperCase()}`]: 'false'};
		const run = runIn(t, directory, ['config', '--json'], env);
		t.is(await run.ended, 0, run.stderr);
		const {tunnels} = JSON.parse(run.stdout) as Config;
		t.is(tunnels[0]?.options[flag]?.value, false, run.stdout);
		t.is(tunnels[0]?.options[flag]?.source, `SEALPORT_${flag.toUpperCase()}`, run.stdout);
	});
}
