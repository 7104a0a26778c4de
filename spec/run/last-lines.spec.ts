import test from 'ava';
import {lastLines} from '../../lib/run/last-lines.js';

test('a hundred lines are kept', t => {
	const lines = lastLines();
	t.is(lines.text(), '');
	for (let line = 1; line <= 1000; line++) {
		lines.add(`line ${line}\n`);
	}
	const kept = lines.text().trimEnd().split('\n');
	t.is(kept.length, 100);
	t.is(kept[0], 'line 901');
	t.is(kept.at(-1), 'line 1000');
});

test('a line that has not ended is one of them', t => {
	const lines = lastLines();
	lines.add(`${'x\n'.repeat(200)}open`);
	const kept = lines.text().split('\n');
	t.is(kept.length, 100);
	t.is(kept.at(-1), 'open');
});

test('they are whole, but no more than a page takes', t => {
	const lines = lastLines();
	for (let line = 0; line < 100; line++) {
		lines.add(`begin ${'y'.repeat(1000)}\n`);
	}
	t.true(lines.text().length <= 24_000);
	t.true(lines.text().startsWith('begin '));
});

test('one line without end does not grow', t => {
	const lines = lastLines();
	for (let part = 0; part < 100; part++) {
		lines.add('z'.repeat(10_000));
	}
	t.is(lines.text(), 'z'.repeat(24_000));
});
