import test from 'ava';
import {type Known, membersOf} from '../../../lib/run/tree/members.js';
import type {ProcessRow} from '../../../lib/run/tree/table.js';

const row = (pid: number, parent: number, more: Partial<ProcessRow> = {}): ProcessRow => ({
	pid,
	parent,
	group: 1,
	session: 1,
	started: `at ${pid}`,
	marked: false,
	...more,
});

const pidsOf = (rows: readonly ProcessRow[], known: Known = new Map()) =>
	membersOf(rows, known).map(({pid}) => pid);

test('children count, and theirs, in whichever order they come', t => {
	const rows = [row(40, 30), row(30, 20), row(20, 10), row(10, 1), row(50, 1)];
	t.deepEqual(pidsOf(rows, new Map([[20, 'at 20']])).sort(), [20, 30, 40]);
});

test('who has the marker counts, whoever its parent is', t => {
	t.deepEqual(pidsOf([row(20, 1, {marked: true}), row(21, 20), row(30, 1)]), [20, 21]);
});

test('a pid that was given away counts no more, nor do the children of who has it now', t => {
	const known: Known = new Map([[20, 'long ago']]);
	t.deepEqual(pidsOf([row(20, 1), row(21, 20)], known), []);
});

test('who is in a session or group that one of the tree has opened counts', t => {
	const known: Known = new Map([[20, 'at 20']]);
	t.deepEqual(
		pidsOf([row(30, 1, {session: 20, group: 20}), row(31, 1, {group: 20})], known),
		[30, 31],
	);
});

test('unless somebody else has that pid now', t => {
	const known: Known = new Map([[20, 'long ago']]);
	const rows = [row(20, 1, {session: 20, group: 20}), row(30, 1, {session: 20, group: 20})];
	t.deepEqual(pidsOf(rows, known), []);
});

test('a group that is gone is forgotten, before its number is given away', t => {
	const known: Known = new Map([[20, 'at 20']]);
	membersOf([row(30, 1)], known);
	t.deepEqual(pidsOf([row(40, 1, {session: 20})], known), []);
});

test('who was seen once counts without its parent', t => {
	const known: Known = new Map([[20, 'at 20']]);
	t.deepEqual(pidsOf([row(20, 1), row(21, 20)], known), [20, 21]);
	t.deepEqual(pidsOf([row(21, 1)], known), [21]);
});

test('the groups of the terminal are not its own', t => {
	const known: Known = new Map([[20, 'at 20']]);
	t.deepEqual(pidsOf([row(20, 10, {group: 10}), row(11, 10, {group: 10})], known), [20]);
});

test('where there are no groups, all are not one', t => {
	const none = {group: 0, session: 0};
	const known: Known = new Map([[20, 'at 20']]);
	t.deepEqual(pidsOf([row(20, 1, none), row(30, 1, none), row(0, 0, none)], known), [20]);
});

test('a browser that it has opened does not count, with all that is its own', t => {
	const known: Known = new Map([[20, 'at 20']]);
	const rows = [
		row(20, 1),
		row(32, 31, {marked: true}),
		row(31, 30, {marked: true}),
		row(30, 20),
		row(21, 20),
	];
	const members = membersOf(rows, known, ({pid}) => pid === 30);
	t.deepEqual(members.map(({pid}) => pid).sort(), [20, 21]);
	t.deepEqual([...known.keys()].sort(), [20, 21]);
});
