import test from 'ava';
import {macosTable, parseMarked, parsePs} from '../../../lib/run/tree/macos.js';

const ps = `    1     0     1 Ss   Mon Nov 23 08:00:00 2026
  501   500   501 S+   Mon Nov 23 09:15:30 2026
  502   501   501 R+   Mon Nov  2 09:15:31 2026
  503   502   501 Z+   Mon Nov 23 09:15:32 2026
`;

test('processes by ps', t => {
	t.deepEqual(parsePs(ps), [
		{pid: 1, parent: 0, group: 1, session: 1, started: 'Mon Nov 23 08:00:00 2026'},
		{pid: 501, parent: 500, group: 501, session: 501, started: 'Mon Nov 23 09:15:30 2026'},
		{pid: 502, parent: 501, group: 501, session: 501, started: 'Mon Nov  2 09:15:31 2026'},
	]);
	t.deepEqual(parsePs(''), []);
});

test('the marker in the environment, and not in arguments alone', t => {
	const text = `  501 node server.js PATH=/bin SEALPORT_RUN=abc,def HOME=/\n  502 node watcher.js def\n`;
	t.deepEqual([...parseMarked(text, 'def')], [501]);
});

function scripted(answers: readonly string[]) {
	const asked: string[] = [];
	const killed: string[] = [];
	const left = [...answers];
	const table = macosTable(
		'def',
		async (file, args) => {
			asked.push([file, ...args].join(' '));
			return left.shift();
		},
		(pid, signal) => killed.push(`${signal} ${pid}`),
	);
	return {table, asked, killed};
}

test('a row for each, marked where the environment says so', async t => {
	const {table} = scripted([ps, '  502 node SEALPORT_RUN=def\n']);
	t.deepEqual(
		(await table.rows()).map(({pid, marked}) => [pid, marked]),
		[
			[1, false],
			[501, false],
			[502, true],
		],
	);
});

test('nothing is killed but who still is who it was', async t => {
	const later =
		'  501   500   501 S+   Mon Nov 23 10:00:00 2026\n  502   501   501 R+   Mon Nov  2 09:15:31 2026\n';
	const {table, asked, killed} = scripted([ps, '', later]);
	await table.signal((await table.rows()).slice(1), 'SIGKILL');
	t.is(asked.at(-1), '/bin/ps -p 501,502 -o pid=,ppid=,pgid=,stat=,lstart=');
	t.deepEqual(killed, ['SIGKILL 502']);
});

test('for nobody, nothing is asked', async t => {
	const {table, asked} = scripted([]);
	await table.signal([], 'SIGKILL');
	t.deepEqual(asked, []);
});
