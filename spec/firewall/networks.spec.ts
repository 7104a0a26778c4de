import test from 'ava';
import {
	intersect,
	network,
	parseNetwork,
	rangesText,
	rangeText,
	subtract,
} from '../../lib/firewall/networks.js';

for (const [text, expected] of [
	['172.17.3.4/16', '172.17.0.0/16'],
	['10.0.0.1', '10.0.0.1'],
	['10.0.0.1/32', '10.0.0.1'],
	['0.0.0.0/0', '0.0.0.0/0'],
	['fd00:0:0::7/64', 'fd00::/64'],
	['::ffff:10.0.0.1', '10.0.0.1'],
	['::ffff:10.0.0.0/104', '10.0.0.0/8'],
	['::1', '::1'],
	['10.0.0.0/33', undefined],
	['fe80::1%eth0', undefined],
	['10.0.0.1; drop', undefined],
	['', undefined],
] as const) {
	test(`${JSON.stringify(text)} is ${expected ?? 'no network'}`, t => {
		t.is(parseNetwork(text)?.text, expected);
	});
}

test('ranges without others, and what they have in common', t => {
	const [all, hole] = [network('10.0.0.0/24'), network('10.0.0.4/30')];
	t.deepEqual(subtract([all], [hole]).map(rangeText), ['10.0.0.0-10.0.0.3', '10.0.0.8-10.0.0.255']);
	t.deepEqual(intersect([all], [hole]).map(rangeText), ['10.0.0.4-10.0.0.7']);
	t.deepEqual(subtract([all], [network('::/0')]).map(rangeText), ['10.0.0.0-10.0.0.255']);
	t.deepEqual(subtract([hole], [all]), []);
	t.is(rangesText(subtract([all], [hole])), '10.0.0.0/30, 10.0.0.8-10.0.0.255');
});
