import test from 'ava';
import {newRates, Rate} from '../../../../lib/forward/wire/http2/rates.js';

/** How many are let through, of so many at one time. */
function taken(rate: Rate, now: number, count: number): number {
	return Array.from({length: count}, () => rate.take(now)).filter(Boolean).length;
}

test('a burst passes, and no more', t => {
	t.is(taken(new Rate(5, 1), 123_456, 10), 5);
});

test('then so many a second', t => {
	const rate = new Rate(5, 10);
	taken(rate, 1000, 10);
	t.is(taken(rate, 1099, 10), 0);
	t.is(taken(rate, 1100, 10), 1);
	t.is(taken(rate, 1350, 10), 2);
	t.is(taken(rate, 1400, 10), 1, 'what is earned in part is not lost');
});

test('rest earns no more than a burst', t => {
	const rate = new Rate(5, 10);
	t.is(taken(rate, 0, 3), 3);
	t.is(taken(rate, 1e9, 10), 5);
	t.is(taken(rate, 1e9, 10), 0);
	t.is(taken(rate, 2e9, 10), 5);
});

test('several count as several, and none of them where not all pass', t => {
	const rate = new Rate(5, 1);
	t.true(rate.take(0, 3));
	t.false(rate.take(0, 3));
	t.true(rate.take(0, 2));
	t.false(rate.take(0));
});

test('what is within the rate passes for ever', t => {
	const rate = new Rate(2, 100);
	let now = 0;
	for (let time = 0; time < 10_000; time++) {
		now += 10;
		t.true(rate.take(now));
	}
});

test('each connection has rates of its own, and clients that do what they are known to do pass', t => {
	const rates = newRates();
	t.is(taken(rates.resets, 0, 1000), 1000, 'a page of a thousand modules that is left');
	t.is(taken(rates.settings, 0, 10), 10);
	t.is(taken(rates.pings, 0, 2000), 2000, 'a ping each round trip');
	t.is(taken(rates.ignored, 0, 2000), 2000, 'two PRIORITY for each module');
	t.is(taken(rates.windowUpdates, 0, 100_000), 100_000, 'a second of a fast download');
	t.true(taken(rates.resets, 0, 10_000) < 100);
	t.is(taken(newRates().resets, 0, 10), 10);
});
