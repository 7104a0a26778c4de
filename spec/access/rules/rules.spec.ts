import test from 'ava';
import {parseRule} from '../../../lib/access/rules/rule.js';
import {
	needPeers,
	refusalByAddress,
	rulesPolicy,
	warningsOf,
} from '../../../lib/access/rules/rules.js';
import type {Client} from '../../../lib/forward/seams.js';
import {applicant} from '../../helpers/applicant.js';
import {paperSystem} from '../../helpers/paper-system.js';
import {clientOf, heldBy, peer} from '../../helpers/peers.js';

const system = paperSystem('linux', {
	'/etc/passwd': {text: 'alice:x:1001:1001::/:/bin/sh\nbob:x:1002:1002::/:/bin/sh\n'},
	'/usr/bin/curl': {},
	'/usr/bin': {isFolder: true, mode: 0o777},
	'/usr': {isFolder: true},
});
const rules = (...texts: readonly string[]) => texts.map(text => parseRule(text, 'rule', system));

const verdict = (allow: readonly string[], deny: readonly string[], client: Client) =>
	rulesPolicy(rules(...allow), rules(...deny)).admit(applicant({client}));

const bob = heldBy(peer());
const alice = heldBy(peer({user: 'alice', uid: 1001}));

test('without a rule that denies or allows, everybody is admitted', t => {
	t.is(verdict([], ['user=alice'], bob), undefined);
	t.is(verdict(['user=bob'], [], bob), undefined);
	t.is(verdict(['user=alice', 'exe=/usr/bin/curl'], [], bob), undefined);
	t.is(verdict(['address=127.0.0.0/8'], [], clientOf(undefined)), undefined);
});

test('what denies goes before what allows', t => {
	const refusal = verdict(['user=bob'], ['exe=/usr/bin/curl'], bob);
	t.like(refusal, {code: 'access-denied', source: 'downstream', policy: 'deny'});
	t.is(refusal?.message, 'the rule exe=/usr/bin/curl denies access');
	t.is(refusal?.hint, 'Sealport takes this client for bob, /usr/bin/curl (pid 4121)');
});

test('whom no rule allows is told for whom it is taken, and which rule would allow it', t => {
	const refusal = verdict(['user=alice'], [], bob);
	t.like(refusal, {code: 'access-denied', policy: 'allow', message: 'no rule allows this client'});
	t.is(
		refusal?.hint,
		'Sealport takes this client for bob, /usr/bin/curl (pid 4121); ' +
			'to let it in: --allow user=bob,exe=/usr/bin/curl',
	);
});

test('no rule is proposed that would say more than it seems to', t => {
	const hint = (executable: string | undefined) =>
		verdict(['user=alice'], [], heldBy(peer({executable})))?.hint ?? '';
	t.true(hint('/home/bob/*').endsWith('--allow user=bob'));
	t.true(hint('/home/bob/\x1b[2J').endsWith('--allow user=bob'));
	t.true(hint('/home/bob/a,user=alice').endsWith('--allow user=bob'));
	t.true(hint('/home/bob/\u202egpj.exe').endsWith('--allow user=bob'));
	t.true(hint('/home/bob/a,b').endsWith('--allow user=bob,exe=/home/bob/a,b'));
	t.true(hint(undefined).endsWith('--allow user=bob'));
	t.true(hint("/home/bob/it's").endsWith(`--allow 'user=bob,exe=/home/bob/it'\\''s'`));
	t.false(hint('/home/bob/\x1b[2J').includes('\x1b'));
});

test('a client from elsewhere is told its address only', t => {
	const refusal = verdict(['user=alice'], [], clientOf(new Error('it is elsewhere'), '172.17.0.2'));
	t.is(refusal?.hint, 'to let it in: --allow address=172.17.0.2');
});

test('what is not known counts against a client, and it is not told why', t => {
	const lost = clientOf(new Error('process 4121 of carol ended'));
	for (const [allow, deny, policy] of [
		[['user=bob'], [], 'allow'],
		[[], ['user=bob'], 'deny'],
		[['address=127.0.0.1'], ['exe=/usr/bin/curl'], 'deny'],
	] as const) {
		const refusal = verdict(allow, deny, lost);
		t.like(refusal, {code: 'access-denied', policy});
		t.is(refusal?.message, 'it could not be found out which program this is');
		t.false(`${refusal?.message} ${refusal?.hint} ${refusal?.cause}`.includes('carol'));
	}
	const early = verdict(['user=bob'], [], clientOf(undefined));
	t.regex(early?.message ?? '', /opened before/);
	const unknown = verdict([], ['exe=/usr/bin/curl'], heldBy(peer({executable: undefined})));
	t.regex(unknown?.message ?? '', /cannot be ruled out/);
});

test('the verdict is that of a connection', t => {
	const policy = rulesPolicy(rules('user=alice'), []);
	const one = policy.admit(applicant({client: bob}));
	t.truthy(one);
	t.is(policy.admit(applicant({client: bob})), one);
	t.is(policy.admit(applicant({client: alice})), undefined);
	t.truthy(policy.admit(applicant({client: heldBy(peer())})));
});

test('by its address alone a client is refused whom the rules refuse whoever it is', t => {
	const by = (allow: readonly string[], deny: readonly string[], address: string) =>
		refusalByAddress(rules(...allow), rules(...deny), address)?.policy;
	t.is(by(['address=10.0.0.0/8'], [], '172.17.0.2'), 'allow');
	t.is(by(['address=10.0.0.0/8', 'user=bob'], [], '172.17.0.2'), undefined);
	t.is(by(['address=10.0.0.0/8,user=bob'], [], '172.17.0.2'), 'allow');
	t.is(by(['address=10.0.0.0/8,user=bob'], [], '10.0.0.1'), undefined);
	t.is(by(['address=10.0.0.0/8'], [], '::ffff:10.0.0.1'), undefined);
	t.is(by([], ['address=10.0.0.0/8'], '10.0.0.1'), 'deny');
	t.is(by([], ['address=10.0.0.0/8'], '10.0.0.1'), 'deny');
	t.is(by([], ['address=10.0.0.0/8'], '11.0.0.1'), undefined);
	t.is(by([], ['address=10.0.0.0/8,user=bob'], '10.0.0.1'), undefined);
	t.is(by(['user=bob'], ['user=bob'], '10.0.0.1'), undefined);
	t.is(by([], [], '10.0.0.1'), undefined);
});

test('what all places ask for, and warn of, together', t => {
	const place = (...allow: readonly string[]) => ({allow: rules(...allow), deny: []});
	t.false(needPeers([place('address=::1'), place()]));
	t.true(needPeers([place(), {allow: [], deny: rules('user=bob')}]));
	t.is(warningsOf([place('exe=/usr/bin/curl'), place('exe=/usr/bin/curl')]).length, 1);
});
