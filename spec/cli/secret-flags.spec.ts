import test from 'ava';
import {secretWarnings} from '../../lib/cli/secret-flags.js';

const secret = 'hush-hush-hush-hush';

for (const [args, flags, count] of [
	[[`--token=${secret}`], {token: secret}, 1],
	[['--auth', `a:${secret}`, '3000'], {auth: `a:${secret}`}, 1],
	[[`--auth=a:${secret}`, `--token=${secret}`], {auth: `a:${secret}`, token: secret}, 2],
	[['--token'], {token: ''}, 0],
	[['3000'], {token: secret, auth: `a:${secret}`}, 0],
	[['run', '--', 'server', '--token', 'x'], {token: secret}, 0],
	[['--token-file', 'x', '--auth-file=y'], {}, 0],
] as const) {
	test(`${args.join(' ').replaceAll(secret, '...')}: ${count} warnings`, t => {
		const warnings = secretWarnings(flags, args);
		t.is(warnings.length, count);
		for (const warning of warnings) {
			t.regex(warning, /list of processes: set SEALPORT_(TOKEN|AUTH) or use --(token|auth)-file$/);
			t.false(warning.includes(secret));
		}
	});
}
