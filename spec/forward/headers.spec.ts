import test from 'ava';
import {valuesOf} from '../../lib/forward/headers.js';

test('values of a field, whatever its casing, in order', t => {
	const headers = ['X-A', '1', 'b', '2', 'x-a', '3'];
	t.deepEqual(valuesOf(headers, 'x-a'), ['1', '3']);
	t.deepEqual(valuesOf(headers, 'c'), []);
});
