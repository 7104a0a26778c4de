import test from 'ava';
import type {ProcessRow, ProcessTable} from '../../../lib/run/tree/table.js';
import {treeOf} from '../../../lib/run/tree/tree.js';

const marked = (pid: number): ProcessRow => ({
	pid,
	parent: 1,
	group: pid,
	session: pid,
	started: 'now',
	marked: true,
});

/** Processes that end by some signals, and may start others when they do. */
function tableOf(deadly: Record<number, readonly string[]>, heirs: Record<number, number> = {}) {
	const alive = new Set(Object.keys(deadly).map(Number));
	const sent: string[] = [];
	const table: ProcessTable = {
		rows: async () => [...alive].map(marked),
		async signal(rows, signal) {
			for (const {pid} of rows) {
				sent.push(`${signal} ${pid}`);
				if ((deadly[pid] ?? ['SIGKILL']).includes(signal)) {
					alive.delete(pid);
					const heir = heirs[pid];
					if (heir !== undefined) {
						alive.add(heir);
					}
				}
			}
		},
	};
	return {table, sent, alive};
}

test('who ends when it is asked to is not killed', async t => {
	const {table, sent} = tableOf({10: ['SIGTERM', 'SIGKILL']});
	t.is(await treeOf(table).end(60_000), 0);
	t.deepEqual(sent, ['SIGTERM 10']);
});

test('who does not is killed after the grace', async t => {
	const {table, sent, alive} = tableOf({10: ['SIGTERM'], 11: ['SIGKILL']});
	t.is(await treeOf(table).end(50), 1);
	t.deepEqual(sent, ['SIGTERM 10', 'SIGTERM 11', 'SIGKILL 11']);
	t.is(alive.size, 0);
});

test('without grace nobody is asked', async t => {
	const {table, sent} = tableOf({10: ['SIGKILL']});
	t.is(await treeOf(table).end(0), 1);
	t.deepEqual(sent, ['SIGKILL 10']);
});

test('a hurry ends the grace', async t => {
	const {table} = tableOf({10: ['SIGKILL']});
	const hurry = new AbortController();
	const ended = treeOf(table).end(1_000_000_000, hurry.signal);
	hurry.abort();
	t.is(await ended, 1);
});

test('who is started by one that is killed is killed as well', async t => {
	const {table, alive} = tableOf({10: ['SIGKILL']}, {10: 11, 11: 12});
	t.is(await treeOf(table).end(0), 3);
	t.is(alive.size, 0);
});

test('this process never counts', async t => {
	const {table} = tableOf({[process.pid]: []});
	t.deepEqual(await treeOf(table).members(), []);
});

test('one that is added counts, with the time of its start', async t => {
	const row = {...marked(10), marked: false};
	const tree = treeOf({rows: async () => [row], signal: async () => undefined});
	t.deepEqual(await tree.members(), []);
	t.is(await tree.add(10), 'now');
	t.is(await tree.add(11), undefined);
	t.is((await tree.members()).length, 1);
});
