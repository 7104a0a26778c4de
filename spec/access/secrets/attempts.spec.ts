import test from 'ava';
import {Attempts, sourceOf} from '../../../lib/access/secrets/attempts.js';

function stopped() {
	let now = 5000;
	const attempts = new Attempts(() => now);
	const fail = (address: string, times: number) => {
		for (let count = 0; count < times; count++) {
			attempts.failed(address);
		}
	};
	return {attempts, fail, pass: (seconds: number) => (now += seconds * 1000)};
}

test('ten wrong tries, then one more for each second', t => {
	const {attempts, fail, pass} = stopped();
	fail('10.0.0.1', 9);
	t.is(attempts.waitOf('10.0.0.1'), undefined);
	fail('10.0.0.1', 1);
	t.is(attempts.waitOf('10.0.0.1'), 1);
	pass(0.9);
	t.is(attempts.waitOf('10.0.0.1'), 1);
	pass(0.1);
	t.is(attempts.waitOf('10.0.0.1'), undefined);
	fail('10.0.0.1', 1);
	t.is(attempts.waitOf('10.0.0.1'), 1);
	pass(3600);
	fail('10.0.0.1', 10);
	t.is(attempts.waitOf('10.0.0.1'), 1, 'no more than ten are saved up');
});

test('one source does not use up the tries of another', t => {
	const {attempts, fail, pass} = stopped();
	for (let second = 0; second < 1000; second++) {
		if (attempts.waitOf('10.0.0.1') === undefined) {
			fail('10.0.0.1', 1);
		}
		pass(0.1);
	}
	t.is(attempts.waitOf('10.0.0.2'), undefined);
});

test('all sources together have a hundred, and ten more for each second', t => {
	const {attempts, fail, pass} = stopped();
	for (let host = 0; host < 100; host++) {
		t.is(attempts.waitOf(`10.0.0.${host}`), undefined);
		fail(`10.0.0.${host}`, 1);
	}
	t.is(attempts.waitOf('10.0.1.1'), 1);
	pass(0.1);
	t.is(attempts.waitOf('10.0.1.1'), undefined);
	fail('10.0.1.1', 1);
	t.is(attempts.waitOf('10.0.1.2'), 1);
});

test('no more than a thousand sources are remembered, those that failed last', t => {
	const {attempts, fail, pass} = stopped();
	fail('10.1.0.0', 10);
	for (let host = 0; host < 5000; host++) {
		pass(0.0001);
		fail(`10.0.${host >> 8}.${host & 255}`, 1);
		t.true(attempts.sources <= 1000);
	}
	fail('10.2.0.0', 10);
	pass(0.5);
	t.is(attempts.waitOf('10.2.0.0'), 1);
});

for (const [address, source] of [
	['127.0.0.1', 'loopback'],
	['127.8.7.6', 'loopback'],
	['::1', 'loopback'],
	['192.168.1.5', '192.168.1.5'],
	['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
	['2001:db8:1:2::', '2001:db8:1:2::/64'],
	['2001:db8::5', '2001:db8:0:0::/64'],
	['2001:DB8:0:0:1::', '2001:db8:0:0::/64'],
	['fe80::1%eth0', 'fe80:0:0:0::/64'],
	['::5', '0:0:0:0::/64'],
	['127.0.0.1.evil', '127.0.0.1.evil'],
] as const) {
	test(`${address} counts as ${source}`, t => t.is(sourceOf(address), source));
}
