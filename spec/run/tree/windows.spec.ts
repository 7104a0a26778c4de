import test from 'ava';
import {parseProcesses, windowsTable} from '../../../lib/run/tree/windows.js';

const lines = '4 0 100\r\n501 4 500\r\n502 501 600\r\n503 502 550\r\n504 999 700\r\n';

test('processes by PowerShell; who is younger than its child is not its parent', t => {
	t.deepEqual(
		parseProcesses(lines).map(({pid, parent, started}) => [pid, parent, started]),
		[
			[4, 0, '100'],
			[501, 4, '500'],
			[502, 501, '600'],
			[503, 0, '550'],
			[504, 0, '700'],
		],
	);
});

function scripted(...answers: readonly string[]) {
	const asked: string[] = [];
	const left = [...answers];
	const table = windowsTable(
		async (file, args) => {
			asked.push([file.split('\\').at(-1), ...args.filter(arg => arg.length < 20)].join(' '));
			return left.shift();
		},
		{SystemRoot: 'C:\\Windows'},
	);
	return {table, asked};
}

test('they are ended with all that they have started, if they still are who they were', async t => {
	const {table, asked} = scripted(lines, '501 4 500\r\n502 501 999\r\n');
	const rows = (await table.rows()).filter(({pid}) => pid === 501 || pid === 502);
	await table.signal(rows, 'SIGKILL');
	t.is(asked.at(-1), 'taskkill.exe /T /F /PID 501');
});

test('there is no polite way, and none is tried', async t => {
	const {table, asked} = scripted(lines);
	await table.signal(await table.rows(), 'SIGTERM');
	t.is(asked.length, 1);
});

test('nothing is ended when all have gone', async t => {
	const {table, asked} = scripted(lines, '');
	await table.signal(await table.rows(), 'SIGKILL');
	t.false(asked.some(line => line.startsWith('taskkill')));
});
