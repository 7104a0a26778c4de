import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {runSealport} from '../helpers/cli.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

test('it prints a script by flags, environment and configuration file, and nothing else on stdout', async t => {
	const home = temporaryDirectory(t);
	const config = {port: 7000, routes: {'/': 3000}};
	writeFileSync(join(home, 'sealport.config.json'), JSON.stringify(config));
	const args = ['firewall', '--for', 'nftables', '--deny', 'address=172.17.0.9'];
	const run = runSealport(t, home, args, {
		SEALPORT_ALLOW: 'address=172.17.0.0/16;address=fd00::/8',
		SEALPORT_EXPOSE: 'true',
	});
	t.is(await run.ended, 0, run.stderr);
	t.regex(run.stdout, /^# Who may connect/);
	t.regex(run.stdout, /tcp dport 7000 /);
	t.regex(
		run.stdout,
		/172\.17\.0\.9 drop[\s\S]*ip saddr 172\.17\.0\.0\/16 accept[\s\S]*ip6 saddr fd00::\/8 accept[\s\S]*\tdrop/,
	);
	t.regex(run.stdout, /# To remove it: +sudo nft delete table inet sealport/);
	t.regex(run.stderr, /^nothing was changed; to load these rules, pipe them into sudo nft -f -$/m);
});

test('--json: one object; secrets are not in it', async t => {
	const secret = 'a-token-that-nobody-may-see';
	const home = temporaryDirectory(t);
	const args = ['firewall', '--for=pf', '--json', '--expose', `--token=${secret}`];
	const run = runSealport(t, home, args);
	t.is(await run.ended, 0, run.stderr);
	const event = JSON.parse(run.stdout);
	t.like(event, {
		event: 'firewall',
		for: 'pf',
		ports: [62_893],
		load: 'sudo pfctl -a sealport -f -',
	});
	t.regex(event.script, /pass in quick on ! lo0 inet proto tcp from any to any port 62893/);
	t.regex(event.script, /a token: checked by Sealport itself/);
	t.false(`${run.stdout}${run.stderr}`.includes(secret));
});

for (const [args, telling] of [
	[['--for', 'ipfw'], /^error: for: expected nftables, iptables, pf or windows, got "ipfw"/],
	[['--port', '0'], /^error: port: 0 is another one at each start/],
	[['--host', '0.0.0.0'], /^error: host: .*--expose/],
	[['--allow', 'colour=red'], /^error: allow\[0\]: unknown condition/],
] as const) {
	test(`exit 2, and no script that could be piped on: sealport firewall ${args.join(' ')}`, async t => {
		const run = runSealport(t, temporaryDirectory(t), ['firewall', ...args]);
		t.is(await run.ended, 2, run.stderr);
		t.is(run.stdout, '');
		t.regex(run.stderr, telling);
	});
}
