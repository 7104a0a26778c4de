import type {ExecutionContext} from 'ava';
import {findProgram} from '../../lib/pki/trust/find-program.js';
import {sealportProgram} from '../helpers/cli.js';
import {type Firewall, firewalls} from '../helpers/firewalls.js';
import {knock, server} from '../helpers/knock.js';
import {neighbours} from '../helpers/neighbours.js';
import {unless} from '../helpers/programs.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

const port = 62_893;

/** A machine that serves on the port, a neighbour who is let in, and what `--check` says there. */
async function stage(t: ExecutionContext, firewall: Firewall, rules: string) {
	t.timeout(300_000);
	const net = await neighbours(t);
	const {machine, neighbour, address, from} = net;
	const sh = (script: string) => firewall.run(t, machine, script);
	sh(rules);
	const check = async (args: readonly string[], code: number, program: readonly string[] = []) => {
		const home = temporaryDirectory(t);
		const [first = '', ...rest] = [
			...program,
			...[process.execPath, sealportProgram, 'firewall', '--check', ...args],
		];
		const run = machine.start(home, first, rest, {SEALPORT_QUIET: ''});
		t.is(await run.ended, code, `${run.stdout}\n${run.stderr}`);
		return {stdout: run.stdout, stderr: run.stderr};
	};
	const comesIn = async () => {
		const args = ['-e', server, String(port)];
		await machine.start(temporaryDirectory(t), process.execPath, args).says('ready');
		const door = {name: 'it', host: address, port, localAddress: from[0]};
		return async () => (await knock(neighbour, [door])).get('it') === 'open';
	};
	return {...net, sh, check, comesIn};
}

const exposed = ['--expose', '--allow', 'address=172.31.7.0/24'];
const [nftables, iptables, legacy] = firewalls as [Firewall, Firewall, Firewall];

const strict = `nft -f - <<'END'
table inet filter {
	chain input {
		type filter hook input priority filter; policy drop;
		ct state established,related accept
		iif lo accept
		ip6 nexthdr icmpv6 accept
		tcp dport 22 accept
	}
}
END`;

const strictTables = `for program in iptables ip6tables; do
	$program -P INPUT DROP
	$program -A INPUT -i lo -j ACCEPT
	$program -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
	$program -A INPUT -p tcp -m multiport --dports 22,80 -j ACCEPT
done`;

for (const [firewall, rules, where] of [
	[
		nftables,
		strict,
		/table inet filter, chain input, drops clients at 172\.31\.7\.0\/24: its policy/,
	],
	[
		iptables,
		strictTables,
		/iptables-nft-save, table filter, chain INPUT, drops clients at 172\.31\.7\.0\/24: its policy/,
	],
	[
		legacy,
		strictTables,
		/iptables-legacy-save, table filter, chain INPUT, drops clients at 172\.31\.7\.0\/24: its policy/,
	],
] as const) {
	unless(firewall.missing)(
		`${firewall.name}: a host firewall that keeps containers out is found, and its hint lets them in`,
		async t => {
			const {sh, check, comesIn} = await stage(t, firewall, rules);
			const tries = await comesIn();
			t.false(await tries());
			await check([], 0);
			const {stdout} = await check(exposed, 1);
			t.regex(stdout, where);
			const [, hint = ''] = /hint: let it through there: sudo (.*)$/m.exec(stdout) ?? [];
			sh(hint);
			t.true(await tries());
			await check(exposed, 0);
		},
	);
}

for (const [firewall, rules] of [
	[
		nftables,
		'nft add table ip nat; nft add chain ip nat pre "{ type nat hook prerouting priority dstnat; }"; nft add rule ip nat pre tcp dport 62893 redirect to :80',
	],
	[iptables, 'iptables -t nat -A PREROUTING -p tcp --dport 62893 -j REDIRECT --to-ports 80'],
	[
		legacy,
		'iptables -t nat -A PREROUTING -p tcp --dport 62893 -j DNAT --to-destination 172.31.7.1:80',
	],
] as const) {
	unless(firewall.missing)(`${firewall.name}: what leads the port elsewhere is found`, async t => {
		const {check, comesIn} = await stage(t, firewall, rules);
		t.false(await (await comesIn())());
		const {stdout} = await check(exposed, 1);
		t.regex(stdout, /leads elsewhere clients at 172\.31\.7\.0\/24: .*62893/);
		t.regex(stdout, /hint: take that rule out/);
	});
}

unless(nftables.missing)('jumps, maps and sets are followed to whom they concern', async t => {
	const {check} = await stage(
		t,
		nftables,
		`nft -f - <<'END'
table inet f {
	set bad { type ipv4_addr; flags interval; elements = { 172.31.7.3, 172.31.8.0/24 } }
	chain guard { ip saddr @bad drop; tcp flags syn limit rate 1000/second accept; }
	chain input {
		type filter hook input priority filter; policy accept;
		iifname "wire*" tcp dport vmap { 62893 : jump guard, 22 : drop }
	}
}
END`,
	);
	const {stdout} = await check(exposed, 1);
	t.regex(
		stdout,
		/failed +port 62893 +table inet f, chain guard, drops clients at 172\.31\.7\.3: ip saddr @bad drop/,
	);
	await check([...exposed, '--deny', 'address=172.31.7.3'], 0);
	await check(['--expose', '--allow', 'address=172.31.7.2'], 0);
});

unless(nftables.missing)('what cannot be judged is noted, and is no contradiction', async t => {
	const {check} = await stage(
		t,
		nftables,
		`nft -f - <<'END'
table inet f {
	set seen { type ipv4_addr; flags dynamic,timeout; timeout 1m; }
	chain input {
		type filter hook input priority filter; policy accept;
		tcp dport 62893 limit rate over 5/second drop
		ip saddr @seen drop
		meta mark 7 reject
	}
}
END`,
	);
	const {stdout, stderr} = await check(exposed, 0);
	t.deepEqual(
		Array.from(stdout.matchAll(/^note .*chain input, (may \w+)/gm), ([, deed]) => deed),
		['may drop', 'may drop', 'may reject'],
	);
	t.regex(stderr, /no rule surely goes against the policy/);
});

unless(nftables.missing)('answers that do not get out, and users who do not get in', async t => {
	const {check} = await stage(
		t,
		nftables,
		`nft -f - <<'END'
table inet f {
	chain output {
		type filter hook output priority filter; policy accept;
		oifname "lo" tcp dport 62893 meta skuid 4321 reject with tcp reset
		oifname != "lo" tcp sport 62893 drop
	}
}
END`,
	);
	const users = await check(['--allow', 'user=4321'], 1);
	t.regex(users.stdout, /rejects programs of user 4321: /);
	await check(['--allow', 'user=4322'], 0);
	const answers = await check(exposed, 1);
	t.regex(answers.stdout, /drops answers to clients at 172\.31\.7\.0\/24: .*sport 62893/);
});

for (const firewall of [nftables, iptables, legacy]) {
	unless(firewall.missing)(
		`${firewall.name}: rules that were printed for another policy are found`,
		async t => {
			const {machine, sh, check} = await stage(t, firewall, '');
			const load = async (args: readonly string[]) => {
				const words = ['firewall', '--for', firewall.dialect, ...args];
				const run = machine.sealport(temporaryDirectory(t), words);
				t.is(await run.ended, 0, run.stderr);
				sh(`${firewall.load} <<'SCRIPT'\n${run.stdout}SCRIPT`);
			};
			const users = [...exposed, '--allow', 'user=4321'];
			await load(users);
			await check(users, 0);
			const {stdout} = await check(
				[...exposed, '--allow', 'address=172.31.9.0/24', '--allow', 'user=4322'],
				1,
			);
			t.regex(stdout, /hint: these rules are for another policy of Sealport/);
			await load(['--allow', 'user=4321']);
			await check(exposed, 1);
			await check(['--allow', 'user=4321'], 0);
		},
	);
}

unless(nftables.missing)(
	'as an ordinary user it says that it cannot look, and how it can',
	async t => {
		const {check} = await stage(t, nftables, '');
		const uid = ['setpriv', '--reuid=4321', '--regid=4321', '--clear-groups'];
		const {stdout, stderr} = await check(['--port', '7000'], 1, uid);
		t.is(stdout, '');
		t.regex(stderr, /^error: firewall: cannot look at the rules in force: .*root/m);
		t.regex(stderr, /^hint: sudo .* firewall --check --port 7000$/m);
	},
);

unless(nftables.missing)('--json: a line for each finding, and one that sums up', async t => {
	const {check} = await stage(t, nftables, strict);
	const {stdout} = await check([...exposed, '--json'], 1);
	const lines = stdout
		.trim()
		.split('\n')
		.map(line => JSON.parse(line));
	t.like(lines[0], {event: 'check', name: 'port 62893', ok: false, verdict: 'failed'});
	t.like(lines.at(-1), {event: 'firewall', ok: false, failed: 1});
	t.true(lines.at(-1).sources.includes('nft'));
});

unless(findProgram('nft') === undefined && 'nft not installed')(
	'what is checked is the policy that holds: flags, environment, configuration file',
	async t => {
		const {check} = await stage(t, nftables, strict.replaceAll('22', '62894'));
		await check([...exposed, '--port', '62894'], 0);
	},
);
