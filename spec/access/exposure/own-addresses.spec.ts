import type {NetworkInterfaceInfo} from 'node:os';
import test from 'ava';
import {exposedNames, networkOf, reachedAt} from '../../../lib/access/exposure/own-addresses.js';

const one = (address: string, length: number, scopeid = 0): NetworkInterfaceInfo => {
	const rest = {
		address,
		netmask: '',
		mac: '00:00:00:00:00:00',
		internal: false,
		cidr: `${address}/${length}`,
	};
	return address.includes(':') ? {...rest, family: 'IPv6', scopeid} : {...rest, family: 'IPv4'};
};

const interfaces = () => ({
	lo: [one('127.0.0.1', 8), one('::1', 128), one('127.0.1.1', 8), one('10.254.254.254', 32)],
	wlan0: [
		one('192.168.1.71', 26),
		one('fd00:0:0:0:0:0:0:7', 64),
		one('2001:db8::7', 64),
		one('fe80::1', 64, 3),
	],
	docker0: [one('172.17.0.1', 16), one('fe80::42', 64, 4)],
	twice: [one('172.17.0.1', 16)],
	none: undefined,
});

const fourth = ['10.254.254.254', '192.168.1.71', '172.17.0.1'];

test('all addresses are those of every interface, without loopback, without zones, once', t => {
	const all = ['10.254.254.254', '192.168.1.71', 'fd00::7', '2001:db8::7', '172.17.0.1'];
	t.deepEqual(reachedAt('any', interfaces), all);
	t.deepEqual(reachedAt('::', interfaces), all);
	t.deepEqual(reachedAt('0.0.0.0', interfaces), fourth);
});

test('one address is itself, and loopback is none', t => {
	t.deepEqual(reachedAt('172.17.0.1', interfaces), ['172.17.0.1']);
	for (const host of ['loopback', '127.0.0.1', '127.3.2.1', '::1']) {
		t.deepEqual(reachedAt(host, interfaces), []);
		t.deepEqual(exposedNames(host, interfaces), []);
	}
});

test('containers have names for the machine that they run on', t => {
	const names = ['host.docker.internal', 'host.containers.internal'];
	t.deepEqual(exposedNames('0.0.0.0', interfaces), [...fourth, ...names]);
	t.deepEqual(exposedNames('172.17.0.1', interfaces), ['172.17.0.1', ...names]);
});

test('a system that does not tell its addresses has none', t => {
	t.deepEqual(
		reachedAt('any', () => {
			throw new Error('uv_interface_addresses returned Unknown system error 13');
		}),
		[],
	);
});

test('the network of an address is found by its prefix', t => {
	t.is(networkOf('172.17.0.1', interfaces), '172.17.0.0/16');
	t.is(networkOf('192.168.1.71', interfaces), '192.168.1.64/26');
	t.is(networkOf('10.254.254.254', interfaces), '10.254.254.254/32');
	t.is(networkOf('fd00::7', interfaces), 'fd00::7/64');
	t.is(networkOf('192.0.2.1', interfaces), undefined);
});
