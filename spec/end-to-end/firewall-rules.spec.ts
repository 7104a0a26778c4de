import type {ExecutionContext} from 'ava';
import {scriptOf} from '../../lib/firewall/dialect.js';
import {dialects} from '../../lib/firewall/dialects.js';
import {guardOf} from '../../lib/firewall/guard.js';
import {network} from '../../lib/firewall/networks.js';
import type {Condition, Guarded} from '../../lib/firewall/policy.js';
import {firewalls} from '../helpers/firewalls.js';
import {knock, server} from '../helpers/knock.js';
import {neighbours} from '../helpers/neighbours.js';
import {unless} from '../helpers/programs.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

const [port, other] = [62_893, 62_894];
const [alice, bob] = [4321, 4322];

function rule(text: string, parts: Partial<Condition> = {}): Condition {
	return {text, uids: undefined, networks: undefined, beyond: [], ...parts};
}

function guarded(parts: Partial<Guarded>): Guarded {
	return {port, host: 'any', exposed: true, allow: [], deny: [], further: [], ...parts};
}

/** Two machines, the first of which listens on two ports; and who gets through to the first port. */
async function stage(t: ExecutionContext) {
	t.timeout(600_000);
	const net = await neighbours(t);
	const args = ['-e', server, String(port), String(other)];
	await net.machine.start(temporaryDirectory(t), process.execPath, args).says(`${other} ready`);
	const {machine, neighbour, address, address6, from, from6} = net;
	const targets = [
		['', '127.0.0.1'],
		[' by IPv6', '::1'],
		[' by the wire', address],
	] as const;
	/** Whoever gets in, in the order in which they are named. */
	const letIn = async (at = port) => {
		const user = (name: string, uid: number) =>
			knock(
				machine,
				targets.map(([how, host]) => ({name: `${name}${how}`, host, port: at})),
				uid,
			);
		const answers = await Promise.all([
			user('alice', alice),
			user('bob', bob),
			knock(neighbour, [
				{name: '.2', host: address, port: at, localAddress: from[0]},
				{name: '.3', host: address, port: at, localAddress: from[1]},
				{name: '::2', host: address6, port: at, localAddress: from6[0]},
				{name: '::3', host: address6, port: at, localAddress: from6[1]},
			]),
		]);
		const all = new Map(answers.flatMap(each => [...each]));
		return everybody.filter(name => all.get(name) === 'open');
	};
	return {...net, letIn};
}

const here = [
	'alice',
	'alice by IPv6',
	'alice by the wire',
	'bob',
	'bob by IPv6',
	'bob by the wire',
];
const alices = here.slice(0, 3);
const everybody = [...here, '.2', '.3', '::2', '::3'];

const cases: ReadonlyArray<readonly [what: string, policy: Guarded, letIn: readonly string[]]> = [
	['not exposed: nobody beyond the machine', guarded({host: 'loopback', exposed: false}), here],
	['everybody', guarded({}), everybody],
	[
		'some addresses',
		guarded({
			allow: [
				rule('address=172.31.7.2', {networks: [network('172.31.7.2')]}),
				rule('address=fd00:7::3', {networks: [network('fd00:7::3')]}),
			],
		}),
		[...here, '.2', '::3'],
	],
	[
		'a network, without one address of it',
		guarded({
			allow: [rule('address=172.31.7.0/24', {networks: [network('172.31.7.0/24')]})],
			deny: [rule('address=172.31.7.3', {networks: [network('172.31.7.3')]})],
		}),
		[...here, '.2'],
	],
	[
		'one user, and nobody beyond the machine',
		guarded({host: 'loopback', exposed: false, allow: [rule('user=alice', {uids: [alice]})]}),
		alices,
	],
	[
		'one user, and one address',
		guarded({
			allow: [
				rule('user=alice,address=127.0.0.0/8', {uids: [alice], networks: [network('127.0.0.0/8')]}),
				rule('address=172.31.7.2', {networks: [network('172.31.7.2')]}),
			],
		}),
		['alice', '.2'],
	],
	[
		'all but one user',
		guarded({host: 'loopback', exposed: false, deny: [rule('user=bob', {uids: [bob]})]}),
		alices,
	],
	[
		'what only Sealport can test is left to it: a program of one user',
		guarded({
			host: 'loopback',
			exposed: false,
			allow: [rule('user=alice,exe=/x', {uids: [alice], beyond: ['exe=/x']})],
			deny: [rule('user=alice,exe=/y', {uids: [alice], beyond: ['exe=/y']})],
		}),
		alices,
	],
	[
		'a container at an address',
		guarded({
			allow: [
				rule('container=0123456789ab,address=172.31.7.3', {
					networks: [network('172.31.7.3')],
					beyond: ['container=0123456789ab'],
				}),
			],
		}),
		[...here, '.3'],
	],
	[
		'one address that is listened on: the same port of others is left alone',
		guarded({
			host: '172.31.7.1',
			allow: [rule('address=172.31.7.2', {networks: [network('172.31.7.2')]})],
		}),
		[...here, '.2', '::2', '::3'],
	],
];

for (const firewall of firewalls) {
	const tried = unless(firewall.missing);
	tried(`${firewall.name}: whom the policy lets in gets through, and nobody else`, async t => {
		const {machine, letIn} = await stage(t);
		for (const [what, policy, expected] of cases) {
			const script = scriptOf(dialects[firewall.dialect], [guardOf(policy)]);
			firewall.run(t, machine, firewall.load, script);
			t.deepEqual(await letIn(), expected, what);
			t.deepEqual(await letIn(other), everybody, `${what}: another port`);
		}
	});

	tried(
		`${firewall.name}: loaded again it replaces what was there, and it can be taken away`,
		async t => {
			const {machine, letIn} = await stage(t);
			const load = (policy: Guarded) => {
				const script = scriptOf(dialects[firewall.dialect], [guardOf(policy)]);
				firewall.run(t, machine, firewall.load, script);
			};
			const one = guarded({
				allow: [
					rule('address=172.31.7.2', {networks: [network('172.31.7.2')]}),
					rule('user=alice', {uids: [alice]}),
				],
				exposed: false,
			});
			load(one);
			load(one);
			t.deepEqual(await letIn(), alices);
			load(guarded({host: 'loopback', exposed: false}));
			t.deepEqual(await letIn(), here);
			for (const line of dialects[firewall.dialect].remove) {
				firewall.run(t, machine, line.replaceAll('sudo ', ''));
			}
			t.deepEqual(await letIn(), everybody);
			const left = firewall.run(
				t,
				machine,
				firewall.dialect === 'nftables' ? 'nft list tables' : 'iptables -S; ip6tables -S',
			);
			t.notRegex(left, /sealport/i);
		},
	);
}
