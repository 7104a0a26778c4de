import test from 'ava';
import fc from 'fast-check';
import {dialectNames, scriptOf} from '../../lib/firewall/dialect.js';
import {dialects, likelyDialect} from '../../lib/firewall/dialects.js';
import {guardOf} from '../../lib/firewall/guard.js';
import {network} from '../../lib/firewall/networks.js';
import type {Condition, Guarded} from '../../lib/firewall/policy.js';

function rule(text: string, parts: Partial<Condition> = {}): Condition {
	return {text, uids: undefined, networks: undefined, beyond: [], ...parts};
}

function guarded(parts: Partial<Guarded>): Guarded {
	return {port: 62_893, host: 'any', exposed: true, allow: [], deny: [], further: [], ...parts};
}

const container = {networks: [network('172.17.0.0/16')]};

/** The lines of a script that do something. */
function deeds(script: string): readonly string[] {
	return script.split('\n').filter(line => line.trim() !== '' && !line.trim().startsWith('#'));
}

for (const name of dialectNames) {
	test(`${name}: whatever a rule says, nothing of it stands outside of a comment`, t => {
		const scriptWith = (text: string) =>
			scriptOf(dialects[name], [
				guardOf(
					guarded({
						allow: [rule(text, {...container, beyond: [text]})],
						deny: [rule(text, {beyond: [text]})],
						further: [text],
					}),
				),
			]);
		const expected = deeds(scriptWith('harmless'));
		const anything = fc.oneof(
			fc.string({unit: 'binary'}),
			fc.constantFrom('x\ndrop', 'x\r\naccept', 'x\\', '"; rm -rf /', "'", '\u2028pass', 'END\nid'),
		);
		fc.assert(
			fc.property(anything, text => {
				const script = scriptWith(text);
				t.deepEqual(deeds(script), expected);
				t.notRegex(script, /[^\x20-\x7e\n\t]|#.*\\$/m);
			}),
		);
	});
}

test('pf: an anchor that keeps to the port, with what Sealport itself checks left out of what is blocked', t => {
	const policy = guarded({
		deny: [rule('address=172.17.0.9', {networks: [network('172.17.0.9')]})],
		allow: [
			rule('address=172.17.0.0/16', container),
			rule('container=0123456789ab,address=10.0.0.0/8', {
				networks: [network('10.0.0.0/8')],
				beyond: ['container=0123456789ab'],
			}),
			rule('user=501', {uids: [501], networks: [network('127.0.0.1')]}),
		],
	});
	t.deepEqual(deeds(scriptOf(dialects.pf, [guardOf(policy)])), [
		'table <sealport_1> const { 10.0.0.0/8, 127.0.0.1 }',
		'block drop in quick on ! lo0 inet proto tcp from 172.17.0.9 to any port 62893',
		'pass in quick on ! lo0 inet proto tcp from 172.17.0.0/16 to any port 62893',
		'block drop in quick on ! lo0 inet proto tcp from ! <sealport_1> to any port 62893',
		'block drop in quick on ! lo0 inet6 proto tcp from ! <sealport_1> to any port 62893',
		'block return out quick on lo0 inet proto tcp from 172.17.0.9 to any port 62893',
		'pass out quick on lo0 inet proto tcp from 172.17.0.0/16 to any port 62893',
		'pass out quick on lo0 inet proto tcp from 10.0.0.0/8 to any port 62893',
		'pass out quick on lo0 inet proto tcp from 127.0.0.1 to any port 62893 user 501',
		'block return out quick on lo0 inet proto tcp from any to any port 62893',
		'block return out quick on lo0 inet6 proto tcp from any to any port 62893',
	]);
});

test('Windows: since what blocks goes first there, all other addresses are blocked', t => {
	const policy = guarded({host: '10.1.1.1', allow: [rule('address=172.17.0.0/16', container)]});
	const lead =
		"New-NetFirewallRule -Group Sealport -DisplayName 'Sealport 62893' -Direction Inbound -Protocol TCP -LocalPort 62893 -LocalAddress 10.1.1.1";
	t.deepEqual(deeds(scriptOf(dialects.windows, [guardOf(policy)])), [
		'Remove-NetFirewallRule -Group Sealport -ErrorAction SilentlyContinue',
		`${lead} -RemoteAddress '172.17.0.0/16' -Action Allow | Out-Null`,
		`${lead} -RemoteAddress '1.0.0.0-126.255.255.255','128.0.0.0-172.16.255.255','172.18.0.0-255.255.255.254' -Action Block | Out-Null`,
	]);
});

test('the firewall is that of the platform', t => {
	const has =
		(...names: readonly string[]) =>
		(name: string) =>
			names.includes(name) ? `/usr/sbin/${name}` : undefined;
	t.is(likelyDialect('linux', has('nft', 'iptables')), 'nftables');
	t.is(likelyDialect('linux', has('iptables')), 'iptables');
	t.is(likelyDialect('darwin', has()), 'pf');
	t.is(likelyDialect('freebsd', has()), 'pf');
	t.is(likelyDialect('win32', has()), 'windows');
});
