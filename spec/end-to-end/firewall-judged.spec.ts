import type {ExecutionContext} from 'ava';
import fc from 'fast-check';
import {contradictions} from '../../lib/firewall/check/contradictions.js';
import {readIptables} from '../../lib/firewall/check/iptables-save.js';
import {readNftables} from '../../lib/firewall/check/nft-json.js';
import type {Chain} from '../../lib/firewall/check/ruleset.js';
import {network} from '../../lib/firewall/networks.js';
import {type Firewall, firewalls} from '../helpers/firewalls.js';
import {knock, server} from '../helpers/knock.js';
import {neighbours} from '../helpers/neighbours.js';
import {unless} from '../helpers/programs.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

const port = 62_893;

/** Conditions of which each is understood: the kernel and the check have to come to the same. */
const tests: Readonly<Record<'nft' | 'iptables', readonly string[]>> = {
	nft: [
		'ip saddr 172.31.7.2',
		'ip saddr != 172.31.7.2',
		'ip saddr { 172.31.7.0/30, 172.31.9.0/24 }',
		'ip saddr 172.31.7.3-172.31.7.9',
		'ip saddr @some',
		'ip daddr 172.31.7.1',
		'ip daddr != 172.31.7.1',
		'iifname "wire*"',
		'iifname != "wire0"',
		'iif lo',
		'tcp dport 62893',
		'tcp dport { 22, 62000-63000 }',
		'tcp dport != 62893',
		'tcp dport < 1000',
		'udp dport 62893',
		'meta l4proto tcp',
		'meta nfproto ipv6',
		'ct state new',
		'ct state established,related',
		'ct state { new, invalid }',
		'tcp flags & (syn | ack) == syn',
		'tcp flags syn',
		'fib daddr type local',
		'ip protocol tcp',
	],
	iptables: [
		'-s 172.31.7.2',
		'! -s 172.31.7.2',
		'-s 172.31.7.0/30',
		'-d 172.31.7.1',
		'! -d 172.31.7.1',
		'-i wire+',
		'! -i wire0',
		'-i lo',
		'-p tcp --dport 62893',
		'-p tcp -m multiport --dports 22,62000:63000',
		'-p tcp ! --dport 62893',
		'-p udp --dport 62893',
		'-p tcp --syn',
		'-m conntrack --ctstate NEW',
		'-m conntrack --ctstate ESTABLISHED,RELATED',
		'-m addrtype --dst-type LOCAL',
	],
};

interface Written {
	readonly chain: 'first' | 'second' | 'input';
	readonly tests: readonly string[];
	readonly verdict: string;
}

function ruleset(kind: 'nft' | 'iptables') {
	const verdicts = (jumps: readonly string[]) =>
		fc.constantFrom('accept', 'drop', 'reject', 'return', ...jumps);
	const rule = (chain: Written['chain'], jumps: readonly string[]) =>
		fc.record({
			chain: fc.constant(chain),
			tests: fc.subarray([...tests[kind]], {minLength: 1, maxLength: kind === 'nft' ? 2 : 1}),
			verdict: verdicts(jumps),
		});
	return fc.record({
		policy: fc.constantFrom('accept', 'drop'),
		rules: fc
			.tuple(
				fc.array(rule('second', []), {maxLength: 2}),
				fc.array(rule('first', ['second']), {maxLength: 3}),
				fc.array(rule('input', ['first', 'second']), {minLength: 1, maxLength: 4}),
			)
			.map(all => all.flat()),
	});
}

function asNft({
	policy,
	rules,
}: {
	readonly policy: string;
	readonly rules: readonly Written[];
}): string {
	const chain = (name: string, head: string) => [
		`chain ${name} {`,
		head,
		...rules
			.filter(each => each.chain === name)
			.map(each => {
				const isJump = ['first', 'second'].includes(each.verdict);
				return `${each.tests.join(' ')} ${isJump ? 'jump ' : ''}${each.verdict}`;
			}),
		'}',
	];
	return [
		'flush ruleset',
		'table inet f {',
		'set some { type ipv4_addr; elements = { 172.31.7.3, 10.0.0.1 }; }',
		...chain('second', ''),
		...chain('first', ''),
		...chain('input', `type filter hook input priority filter; policy ${policy};`),
		'}\n',
	].join('\n');
}

function asIptables({
	policy,
	rules,
}: {
	readonly policy: string;
	readonly rules: readonly Written[];
}): string {
	return [
		'*filter',
		`:INPUT ${policy.toUpperCase()} [0:0]`,
		':first - [0:0]',
		':second - [0:0]',
		...rules.map(({chain, tests, verdict}) => {
			const target = ['first', 'second'].includes(verdict) ? verdict : verdict.toUpperCase();
			return `-A ${chain === 'input' ? 'INPUT' : chain} ${tests.join(' ')} -j ${target}`;
		}),
		'COMMIT\n',
	].join('\n');
}

const policy = {port, host: 'any', exposed: true, deny: [], further: []};
const device = {netmask: '', mac: '', internal: false, scopeid: 0, family: 'IPv4'} as const;
const interfaces = {
	lo: [{...device, address: '127.0.0.1', cidr: '127.0.0.1/8'}],
	wire0: [{...device, address: '172.31.7.1', cidr: '172.31.7.1/24'}],
};

/** Whether the check says that this address is kept out. */
function isKeptOut(address: string, chains: readonly Chain[]): boolean {
	const networks = [network(address)];
	const allow = [{text: '', uids: undefined, networks, beyond: []}];
	const found = contradictions({...policy, allow}, chains, interfaces);
	return found.some(({isCertain}) => isCertain);
}

async function compare(t: ExecutionContext, firewall: Firewall, kind: 'nft' | 'iptables') {
	t.timeout(600_000);
	const {machine, neighbour, address, from} = await neighbours(t);
	const args = ['-e', server, String(port)];
	await machine.start(temporaryDirectory(t), process.execPath, args).says('ready');
	let [kept, all] = [0, 0];
	const property = fc.asyncProperty(ruleset(kind), async written => {
		const script = kind === 'nft' ? asNft(written) : asIptables(written);
		const load = kind === 'nft' ? 'nft -f -' : 'iptables-restore';
		// Conditions of two protocols do not go together.
		fc.pre(firewall.run(t, machine, `${load} 2>&1 || echo refused`, script) === '');
		const read = (command: string) => firewall.run(t, machine, command);
		const chains =
			kind === 'nft'
				? readNftables(read('nft -j list ruleset'), read('nft -a list ruleset'))
				: readIptables(read('iptables-save'), 'ip', 'iptables-save');
		const doors = from.map(localAddress => ({
			name: localAddress,
			host: address,
			port,
			localAddress,
		}));
		const answers = await knock(neighbour, doors);
		for (const each of from) {
			let isOut = answers.get(each) !== 'open';
			const isJudged = isKeptOut(each, chains);
			// A rule keeps out every time; a machine that has too much to do does not.
			for (let tries = 0; isOut && !isJudged && tries < 3; tries++) {
				isOut = (await knock(neighbour, doors)).get(each) !== 'open';
			}
			kept += isOut ? 1 : 0;
			all++;
			if (isOut !== isJudged) {
				t.log([...answers].map(each => each.join(': ')).join(', '));
				t.log(`${each} is ${isOut ? 'kept out' : 'let in'}, by\n${script}`);
				return false;
			}
		}
		return true;
	});
	await fc.assert(property, {numRuns: 20, endOnFailure: true});
	t.log(`${kept} of ${all} were kept out`);
	t.true(kept > 0 && kept < all);
}

for (const firewall of firewalls) {
	const kind = firewall.dialect === 'nftables' ? 'nft' : 'iptables';
	unless(firewall.missing)(`${firewall.name}: the check judges as the kernel does`, async t => {
		await compare(t, firewall, kind);
	});
}
