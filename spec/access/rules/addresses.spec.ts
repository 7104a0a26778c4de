import test from 'ava';
import fc from 'fast-check';
import {type Addresses, parseAddresses} from '../../../lib/access/rules/addresses.js';

function read(text: string): Addresses {
	const found = parseAddresses(text);
	if ('wrong' in found) {
		throw new Error(found.wrong);
	}
	return found;
}

const inside = test.macro({
	title: (_, text: string, address: string) => `${text} has ${address} in it`,
	exec: (t, text: string, address: string) => t.true(read(text).includes(address)),
});
const outside = test.macro({
	title: (_, text: string, address: string) => `${text} does not have ${address} in it`,
	exec: (t, text: string, address: string) => t.false(read(text).includes(address)),
});
const wrong = test.macro({
	title: (_, text: string) => `neither address nor network: ${JSON.stringify(text)}`,
	exec: (t, text: string) => t.true('wrong' in parseAddresses(text)),
});

test(inside, '172.17.0.0/16', '172.17.255.255');
test(inside, '172.17.0.0/16', '::ffff:172.17.0.2');
test(inside, '172.17.0.2', '172.17.0.2');
test(inside, 'fd00::/8', 'fdab::1');
test(inside, 'fe80::/10', 'fe80::1%eth0');
test(inside, '::1', '0:0:0:0:0:0:0:1');
test(inside, '0.0.0.0/0', '203.0.113.9');
test(inside, '::ffff:172.17.0.0/112', '172.17.0.2');
test(inside, '::ffff:172.17.0.2', '172.17.0.2');
test(outside, '172.17.0.0/16', '172.18.0.0');
test(outside, '172.17.0.2', '172.17.0.20');
test(outside, 'fd00::/8', 'fc00::1');
test(outside, '::/0', '127.0.0.1');
test(outside, '::/0', '::ffff:127.0.0.1');
test(outside, '0.0.0.0/0', '::1');
test(outside, '127.0.0.0/8', '::1');
test(outside, '127.0.0.0/8', '');
test(outside, '127.0.0.0/8', 'localhost');
test(outside, '127.0.0.0/8', '127.0.0.1:80');

for (const text of [
	'',
	'localhost',
	'172.17.0.0/33',
	'172.17.0.0/-1',
	'172.17.0.0/',
	'172.17.0.0/016',
	'172.17.0.0/16/16',
	'172.17.0.2/16',
	'172.17.0/16',
	'010.0.0.1',
	'fd00::1/8',
	'fd00::/129',
	'fe80::1%eth0',
	'[::1]',
	'::ffff:172.17.0.0/16',
	'172.17.0.0 /16',
	'*',
]) {
	test(wrong, text);
}

test('what is read says which network it is', t => {
	t.like(read('172.17.0.0/16'), {network: '172.17.0.0', prefix: 16, family: 'ipv4'});
	t.like(read('FD00:0::/8'), {text: 'FD00:0::/8', network: 'fd00::', prefix: 8, family: 'ipv6'});
	t.like(read('::1'), {network: '::1', prefix: 128, family: 'ipv6'});
	t.like(read('::ffff:10.0.0.0/104'), {network: '10.0.0.0', prefix: 8, family: 'ipv4'});
});

for (const [family, bits, write] of [
	['IPv4', 32, (bytes: readonly number[]) => bytes.join('.')],
	[
		'IPv6',
		128,
		(bytes: readonly number[]) =>
			Buffer.from(bytes)
				.toString('hex')
				.replace(/(.{4})(?!$)/g, '$1:'),
	],
] as const) {
	const address = fc
		.array(fc.integer({min: 0, max: 255}), {minLength: bits / 8, maxLength: bits / 8})
		// Neither are what has IPv4 in it: that is another family here.
		.map(bytes => (bits === 128 ? [0x20, ...bytes.slice(1)] : bytes));
	const asBits = (bytes: readonly number[]) =>
		bytes.map(byte => byte.toString(2).padStart(8, '0')).join('');
	const masked = (bytes: readonly number[], prefix: number) =>
		bytes.map((byte, index) => byte & (0xff << (8 - Math.min(8, Math.max(0, prefix - index * 8)))));

	test(`${family}: in a network is what begins with the same bits`, t => {
		fc.assert(
			fc.property(
				address,
				address,
				fc.integer({min: 0, max: bits}),
				fc.integer({min: 0, max: bits}),
				(network, other, prefix, common) => {
					const mixed = masked(network, common).map(
						(byte, index) =>
							byte |
							((other[index] ?? 0) &
								~(masked(Array(bits / 8).fill(255), common)[index] ?? 0) &
								255),
					);
					const found = read(`${write(masked(network, prefix))}/${prefix}`);
					const expected = asBits(mixed).slice(0, prefix) === asBits(network).slice(0, prefix);
					return found.includes(write(mixed)) === expected;
				},
			),
			{numRuns: 1000},
		);
		t.pass();
	});
}
