import test from 'ava';
import {matches, needsPeers, parseRule} from '../../../lib/access/rules/rule.js';
import {clientOf, heldBy, peer} from '../../helpers/peers.js';
import {fails, holds, read, refused, unknown, verdicts} from '../../helpers/rule-verdicts.js';

test(holds, 'user=bob,exe=/usr/bin/curl,pid=900', {});
test(holds, ' user=bob, exe=/usr/bin/curl ', {});
test(fails, 'user=bob,exe=/usr/bin/curl', {executable: '/usr/bin/wget'});
test(fails, 'user=alice,exe=/usr/bin/curl', {executable: undefined});
test(unknown, 'user=bob,exe=/usr/bin/curl', {executable: undefined});
test(refused, '', /expected conditions/);
test(refused, 'bob', /expected conditions/);
test(refused, '/usr/bin/curl', /expected conditions/);
test(refused, 'usr=bob', /unknown condition "usr=bob"/, /did you mean user=\?/);
test(refused, 'colour=blue', /unknown condition/, /conditions are user=, /);
test(refused, 'user=bob,foo=1', /unknown condition "foo=1"/);
test(refused, 'user=bob,user=alice', /user= is there twice/, /rules of their own/);
test(refused, 'address=172.17.0.2,172.17.0.3', /neither an address nor a network/);
test(refused, 'address=10.0.0.1/8', /is no network/);

test('a rule of addresses needs no processes, every other one does', t => {
	t.false(needsPeers(read('address=172.17.0.0/16')));
	t.true(needsPeers(read('address=127.0.0.0/8,user=bob')));
	t.deepEqual(verdicts('address=172.17.0.0/16', clientOf(undefined, '172.17.0.2')), [true, true]);
	t.deepEqual(verdicts('address=172.17.0.0/16', clientOf(undefined, '172.18.0.2')), [false, false]);
});

for (const [name, peers] of [
	['could not be found out', new Error('why')],
	['was not asked', undefined],
	['is nobody', {holders: []}],
] as const) {
	test(`who it is ${name}: nobody is allowed, and no denial ruled out`, t => {
		t.deepEqual(verdicts('user=bob', clientOf(peers)), [false, true]);
		t.deepEqual(verdicts('user=bob,address=::1', clientOf(peers)), [false, false]);
	});
}

test('a socket that several processes have: all must be allowed, and one denied is enough', t => {
	const both = heldBy(peer(), peer({pid: 5, executable: '/usr/bin/python3.11'}));
	t.deepEqual(verdicts('user=bob', both), [true, true]);
	t.deepEqual(verdicts('exe=/usr/bin/curl', both), [false, true]);
	const two = heldBy(peer({uid: 1001}), peer({executable: '/usr/bin/python3.11'}));
	t.deepEqual(verdicts('user=bob,exe=/usr/bin/curl', two), [false, false]);
});

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux('this system: its user, its programs, its processes, its namespaces', t => {
	const rule = parseRule(
		`user=me,exe=${process.execPath},pid=${process.pid},netns=/proc/self/ns/net`,
		'allow',
	);
	t.is(rule.user?.uid, process.geteuid?.());
	t.is(rule.pid?.pid, process.pid);
	t.regex(rule.netns?.id ?? '', /^\d+:\d+$/);
	const own = peer({
		uid: rule.user?.uid,
		executable: process.execPath,
		lineage: [process.pid],
		started: [rule.pid?.started ?? ''],
		netns: rule.netns?.id,
	});
	t.true(matches(rule, heldBy(own)));
	t.false(matches(rule, heldBy({...own, netns: '4:1'})));
	t.deepEqual([matches(rule, heldBy({...own, netns: undefined}))], [false]);
});
