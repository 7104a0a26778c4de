import test from 'ava';
import {commandText, isSealport, splitCommand} from '../../../lib/listener/holder/command.js';
import {canonical, standingInTheWay} from '../../../lib/listener/holder/socket.js';

const recognised = test.macro({
	title: (_, command) => `runs Sealport: ${command}`,
	exec: (t, command: string) => t.true(isSealport(splitCommand(command))),
});
const stranger = test.macro({
	title: (_, command) => `does not run Sealport: ${command}`,
	exec: (t, command: string) => t.false(isSealport(splitCommand(command))),
});

test(recognised, 'sealport 3000');
test(recognised, 'node /home/me/app/node_modules/.bin/sealport 3000');
test(recognised, '/usr/bin/node --enable-source-maps dist/bin/sealport.js demo');
test(recognised, 'node dist/bin/sealport.cjs 3000');
test(recognised, 'node --import tsx /src/sealport.js');
test(recognised, 'node /opt/sealport/dist/bin/main.js');
test(
	recognised,
	String.raw`"C:\Program Files\nodejs\node.exe" "C:\my app\node_modules\sealport\dist\bin\sealport.js" 3000`,
);
test(stranger, 'node server.js sealport');
test(stranger, 'vim sealport.js');
test(stranger, 'node -e sealport');
test(stranger, 'node /srv/sealport/node_modules/.bin/vite');
test(stranger, '');

test('a command line is cut, its odd words quoted, and its control characters escaped', t => {
	t.is(commandText(['node', '-e', 'a b', '']), "node -e 'a b' ''");
	t.is(commandText(['x\u001b[31m\n']), "'x\\x1b[31m\\x0a'");
	t.is(commandText(['y'.repeat(500)]).length, 121);
});

test('a passphrase on a command line is left out', t => {
	t.is(
		commandText(['sealport', '--passphrase', 'hunter2', '3000']),
		'sealport --passphrase … 3000',
	);
	t.is(commandText(['sealport', '--passphrase=hunter=2']), 'sealport --passphrase=…');
});

for (const [text, expected] of [
	['127.0.0.1', '127.0.0.1'],
	['0:0:0:0:0:0:0:1', '::1'],
	['::ffff:127.0.0.1', '127.0.0.1'],
	['::FFFF:7f00:1', '127.0.0.1'],
	['fe80::1%eth0', 'fe80::1'],
	['localhost', 'localhost'],
] as const) {
	test(`canonical address of ${text}`, t => t.is(canonical(text), expected));
}

const order = (address: string | undefined, ...held: string[]) =>
	standingInTheWay(
		held.map(text => ({
			address: text.replace(/~$/, ''),
			port: 1,
			listening: !text.endsWith('~'),
		})),
		1,
		address,
	).map(socket => socket.address);

test('a listening socket goes before a connection, the very address before a wildcard', t => {
	t.deepEqual(order('127.0.0.1', '127.0.0.1~', '::', '0.0.0.0', '127.0.0.1'), [
		'127.0.0.1',
		'::',
		'0.0.0.0',
		'127.0.0.1',
	]);
});

test('other addresses and ports do not stand in the way', t => {
	t.deepEqual(order('127.0.0.1', '192.168.1.5', '::1'), []);
	t.deepEqual(order('::1', '127.0.0.1', '0.0.0.0'), []);
	t.deepEqual(order('0.0.0.0', '127.0.0.1', '::1'), ['127.0.0.1']);
	t.deepEqual(order('localhost', '127.0.0.1', '::1'), ['127.0.0.1', '::1']);
	t.deepEqual(standingInTheWay([{address: '::', port: 2, listening: true}], 1, undefined), []);
});
