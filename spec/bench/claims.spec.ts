import test from 'ava';
import {verdicts} from '../../bench/report/claims.js';
import type {Result} from '../../bench/scenarios/scenario.js';

const smallRequests = (wire: number, nginx: number): Result => ({
	scenario: 'small-h1',
	title: '',
	unit: 'µs a request',
	rows: [
		{peer: 'Sealport wire', rounds: [wire]},
		{peer: 'nginx', rounds: [nginx]},
	],
});

test('a limit that depends on the version of Node is the one of this version', t => {
	const results = [smallRequests(23, 20)];
	t.true(verdicts(results, 20)[0]?.holds);
	t.false(verdicts(results, 26)[0]?.holds);
});

test('what was not measured is neither held nor missed', t => {
	t.is(verdicts([], 20).length, 0);
	t.is(verdicts([{...smallRequests(1, 1), rows: [{peer: 'nginx', rounds: [1]}]}], 20).length, 0);
	t.is(verdicts([smallRequests(Number.NaN, 1)], 20).length, 0);
});

test('a figure without a base is measured against its limit by itself', t => {
	const idle: Result = {
		scenario: 'idle',
		title: '',
		unit: 'KB each',
		rows: [{peer: 'Sealport wire', rounds: [65]}],
	};
	const [verdict] = verdicts([idle], 20);
	t.is(verdict?.measured, 65);
	t.false(verdict?.holds);
});
