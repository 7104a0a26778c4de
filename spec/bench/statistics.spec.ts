import test from 'ava';
import {median, ratio} from '../../bench/measure/statistics.js';

test('the median is the middle of an odd number of values', t => {
	t.is(median([9, 1, 4]), 4);
});

test('the median of an even number is the mean of the two in the middle', t => {
	t.is(median([8, 1, 4, 100]), 6);
});

test('there is no median of nothing', t => {
	t.is(median([]), Number.NaN);
});

test('ratios are taken round by round: a slow round of both counts as any other', t => {
	t.is(ratio([2, 20, 2], [1, 10, 1]), 2);
});

test('a round that one of the two has not finished is left out', t => {
	t.is(ratio([2, undefined, 9], [1, 1, undefined]), 2);
	t.is(ratio([undefined], [1]), Number.NaN);
});
