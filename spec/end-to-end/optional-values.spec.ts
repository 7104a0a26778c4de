import test from 'ava';
import {runSealport} from '../helpers/cli.js';
import {home} from '../helpers/home.js';

interface Config {
	readonly tunnels: ReadonlyArray<{readonly options: Record<string, {readonly value: unknown}>}>;
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
