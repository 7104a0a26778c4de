import {readFile} from 'node:fs/promises';
import test from 'ava';
import {runSealport} from '../helpers/cli.js';
import {home} from '../helpers/home.js';

for (const args of [['--help'], ['-h'], ['demo', '--help'], ['completion', '--help']]) {
	test(`sealport ${args.join(' ')}`, async t => {
		const run = runSealport(t, home, args);
		t.is(await run.ended, 0);
		t.is(run.stderr, '');
		const lines = run.stdout.split('\n');
		t.true(lines.length <= 52, `${lines.length} lines`);
		t.deepEqual(
			lines.filter(line => line.length > 100),
			[],
		);
		if (!args.includes('completion')) {
			for (const flag of ['port', 'host', 'name', 'wait', 'cert', 'json', 'verbose', 'open']) {
				t.regex(run.stdout, new RegExp(`--${flag} +\\S`));
			}
		}
		const wraps = args[0] !== 'demo' && args[0] !== 'completion';
		t.is(wraps, /--source/.test(run.stdout));
		t.is(wraps, /--route/.test(run.stdout));
	});
}

for (const args of [['--version'], ['-v'], ['demo', '--version']]) {
	test(`sealport ${args.join(' ')}`, async t => {
		const file = new URL('../../../package.json', import.meta.url);
		const {version} = JSON.parse(await readFile(file, 'utf8')) as {version: string};
		const run = runSealport(t, home, args);
		t.is(await run.ended, 0);
		t.is(run.stdout, `${version}\n`);
		t.is(run.stderr, '');
	});
}

test('sealport cert --help says what its flags mean, and how a passphrase stays secret', async t => {
	const run = runSealport(t, home, ['cert', '--help']);
	t.is(await run.ended, 0);
	for (const flag of ['client', 'key-type', 'days', 'out', 'p12', 'passphrase', 'force', 'certs']) {
		t.regex(run.stdout, new RegExp(`--${flag} +\\S`));
	}
	t.regex(run.stdout, /SEALPORT_PASSPHRASE/);
	t.regex(run.stdout, /^ +names +.*\[default: localhost 127\.0\.0\.1 ::1\]$/m);
	t.notRegex(run.stdout, /--port|--source/);
	t.deepEqual(
		run.stdout.split('\n').filter(line => line.length > 100),
		[],
	);
});
