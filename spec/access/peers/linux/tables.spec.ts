import test from 'ava';
import {bytesOf, printedAs} from '../../../../lib/access/peers/linux/address.js';
import {containerIn} from '../../../../lib/access/peers/linux/process.js';
import {socketIn} from '../../../../lib/access/peers/linux/sockets.js';

const addresses = [
	['127.0.0.1', '7f000001'],
	['::ffff:127.0.0.1', '7f000001'],
	['::ffff:7f00:1', '7f000001'],
	['::1', '00000000000000000000000000000001'],
	['::', '00000000000000000000000000000000'],
	['fe80::1%eth0', 'fe800000000000000000000000000001'],
	['2001:db8::a:0:b', '20010db8000000000000000a0000000b'],
] as const;

for (const [address, bytes] of addresses) {
	test(`${address} as bytes`, t => {
		t.is(bytesOf(address).toString('hex'), bytes);
	});
}

const head =
	'  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const line = (local: string, remote: string, state: string, uid: number, inode: number) =>
	`   1: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000  ${uid}        0 ${inode} 1 0000000000000000 20 4 30 10 -1\n`;
const end = (address: string, port: number) => ({address: bytesOf(address), port});

test('a connection is found in the table of its family', t => {
	const order = printedAs(end('127.0.0.1', 40000), end('127.0.0.1', 443));
	const tcp = `${head}${line('0100007F:9C40', '0100007F:01BC', '01', 7, 1)}${line('0100007F:9C40', '0100007F:01BB', '01', 1000, 42)}`;
	if (order.tcp?.includes('0100007F')) {
		const sought = {local: end('127.0.0.1', 40000), remote: end('127.0.0.1', 443)};
		t.deepEqual(socketIn({tcp, tcp6: head}, sought), {state: 1, uid: 1000, inode: '42'});
		const swapped = {local: sought.remote, remote: sought.local};
		t.is(socketIn({tcp, tcp6: head}, swapped), undefined);
	}
	t.is(
		printedAs(end('127.0.0.1', 40000), end('127.0.0.1', 443), 'BE').tcp,
		' 7F000001:9C40 7F000001:01BB ',
	);
});

test('an IPv4 connection of an IPv6 socket is found', t => {
	const {tcp6} = printedAs(end('127.0.0.1', 40000), end('127.0.0.1', 443), 'LE');
	t.is(tcp6, ' 0000000000000000FFFF00000100007F:9C40 0000000000000000FFFF00000100007F:01BB ');
	const sought = {local: end('127.0.0.1', 40000), remote: end('127.0.0.1', 443)};
	const [local = '', remote = ''] = printedAs(sought.local, sought.remote).tcp6.trim().split(' ');
	const table = `${head}${line(local, remote, '01', 0, 43)}`;
	t.is(socketIn({tcp: head, tcp6: table}, sought)?.inode, '43');
});

test('of two lines for one connection the one that is open counts', t => {
	const sought = {local: end('::1', 40000), remote: end('::1', 443)};
	const [local = '', remote = ''] = printedAs(sought.local, sought.remote).tcp6.trim().split(' ');
	const table = `${head}${line(local, remote, '06', 0, 0)}${line(local, remote, '01', 5, 44)}`;
	t.is(socketIn({tcp: head, tcp6: table}, sought)?.inode, '44');
});

const id = '0123456789abcdef'.repeat(4);
const groups: ReadonlyArray<readonly [string, string | undefined]> = [
	[`0::/system.slice/docker-${id}.scope`, id],
	[`12:pids:/docker/${id}\n0::/`, id],
	[`0::/machine.slice/libpod-${id}.scope/container`, id],
	[`0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-${id}.scope`, id],
	[`0::/kubepods.slice/crio-${id}.scope`, id],
	[`0::/docker/${id}/docker/${'f'.repeat(64)}`, id],
	['0::/user.slice/user-1000.slice/session-2.scope', undefined],
	[`0::/user.slice/docker-${id.slice(1)}.scope`, undefined],
	[`0::/x/${id}0`, undefined],
];

for (const [text, expected] of groups) {
	test(`container: ${text.replaceAll(id, '<id>').replace('\n', ' ')}`, t => {
		t.is(containerIn(`${text}\n`), expected);
	});
}
