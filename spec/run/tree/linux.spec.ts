import test from 'ava';
import {parseStat} from '../../../lib/run/tree/linux.js';

const stat = (name: string, state: string) =>
	`4121 (${name}) ${state} 4000 4121 3900 34816 4121 4194304 1 2 3 4 5 6 7 8 20 0 11 0 987654 1 2`;

test('a process, whatever it is called', t => {
	for (const name of ['node', 'a b', ') S 1 1 1', '((']) {
		t.deepEqual(parseStat(stat(name, 'S')), {
			pid: 4121,
			parent: 4000,
			group: 4121,
			session: 3900,
			started: '987654',
		});
	}
});

test('a zombie has ended', t => {
	t.is(parseStat(stat('node', 'Z')), undefined);
	t.is(parseStat(stat('node', 'X')), undefined);
	t.is(parseStat(''), undefined);
});
