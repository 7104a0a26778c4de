import test from 'ava';
import {UserError} from '../../lib/errors.js';
import {assertWithinConstraints} from '../../lib/pki/constraints.js';
import {addressBytes, canonicalAddress, isHostName, parseName} from '../../lib/pki/names.js';

test('names are read as people write them', t => {
	for (const [text, kind, canonical] of [
		['localhost', 'dns', 'localhost'],
		['App.LocalHost.', 'dns', 'app.localhost'],
		['münchen.test', 'dns', 'xn--mnchen-3ya.test'],
		['a-1.test', 'dns', 'a-1.test'],
		['127.0.0.1', 'ip', '127.0.0.1'],
		['[::1]', 'ip', '::1'],
		['0:0:0:0:0:0:0:1', 'ip', '::1'],
		['FE80::00AB', 'ip', 'fe80::ab'],
	]) {
		t.deepEqual(parseName(text as string), {kind, text: canonical} as never);
	}
});

test('what is no name is refused', t => {
	const long = `${'a'.repeat(64)}.test`;
	const many = `${'a.'.repeat(126)}test`;
	for (const text of [
		...['', '.', '..', 'a..test', '.test', '-a.test', 'a-.test', 'a_b.test', 'a b.test', '*.test'],
		...['*', 'a/b', 'a:1', '1.2.3', '127.1', '0x7f.1', '256.1.1.1', 'fe80::1%eth0', '[127.0.0.1'],
		...['a\u0000.test', '%61.test', 'ａ b.test', long, many],
	]) {
		const error = t.throws(() => parseName(text), {instanceOf: UserError}, text);
		t.is(error?.code, 'option-invalid', text);
	}
	t.regex(t.throws(() => parseName('*.test'))?.message ?? '', /never for a wildcard/);
});

test('addresses turn into their bytes', t => {
	for (const [text, hex] of [
		['127.0.0.1', '7f000001'],
		['::', '0'.repeat(32)],
		['::1', `${'0'.repeat(31)}1`],
		['fe80::', `fe80${'0'.repeat(28)}`],
		['2001:db8::8:800:200c:417a', '20010db80000000000080800200c417a'],
		['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
		['::ffff:1.2.3.4', '00000000000000000000ffff01020304'],
	]) {
		t.is(addressBytes(canonicalAddress(text as string) ?? '').toString('hex'), hex as string);
	}
});

test('host names have labels of 63 and 253 characters in all', t => {
	const label = 'a'.repeat(63);
	t.true(isHostName(`${label}.test`));
	t.true(isHostName([label, label, label, 'a'.repeat(61)].join('.')));
	t.false(isHostName([label, label, label, 'a'.repeat(62)].join('.')));
});

test('the local authority vouches for local names and private addresses only', t => {
	for (const text of [
		...['localhost', 'a.b.localhost', 'app.test', 'x.internal', 'nas.home.arpa', 'mac.local'],
		...['host.docker.internal', 'münchen.test', '127.0.0.1', '127.255.255.255', '10.1.2.3'],
		...['172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.1.1', '::1', 'fd12::1', 'febf::1'],
	]) {
		t.notThrows(() => assertWithinConstraints(text), text);
	}
	for (const text of [
		...['bank.example', 'localhost.example', 'notlocalhost', 'mytest', 'home', 'arpa', 'docker'],
		...['8.8.8.8', '128.0.0.1', '172.15.255.255', '172.32.0.0', '192.169.0.1', '11.0.0.0'],
		...['::2', '::', 'fec0::1', 'fe00::1', '2001:db8::1', '::ffff:127.0.0.1', '0.0.0.0'],
	]) {
		const error = t.throws(() => assertWithinConstraints(text), {instanceOf: UserError}, text);
		t.is(error?.code, 'name-outside-constraints', text);
		t.true(error?.message.includes(JSON.stringify(parseName(text).text)));
		t.regex(error?.hint ?? '', /--cert and --key/);
	}
});
