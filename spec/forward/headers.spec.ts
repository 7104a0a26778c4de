import test from 'ava';
import {endToEnd, listOf, valuesOf, withForwarded} from '../../lib/forward/headers.js';

test('values of a field, whatever its casing, in order', t => {
	const headers = ['X-A', '1', 'b', '2', 'x-a', '3'];
	t.deepEqual(valuesOf(headers, 'x-a'), ['1', '3']);
	t.deepEqual(valuesOf(headers, 'c'), []);
});

test('members of a list, over several lines and with gaps', t => {
	t.deepEqual(listOf(['Connection', 'A, ,b', 'connection', ' C ,'], 'connection'), ['a', 'b', 'c']);
});

test('what belongs to one connection is left out, with what it names', t => {
	const headers = [
		'Connection',
		'close, X-Hop',
		'Keep-Alive',
		'5',
		'TE',
		'x',
		'Upgrade',
		'x',
		'x-hop',
		'1',
		'X-B',
		'2',
		'x-b',
		'3',
	];
	t.deepEqual(endToEnd(headers), ['X-B', '2', 'x-b', '3']);
});

test('Connection cannot name away where a message goes and where it ends', t => {
	const headers = ['Host', 'a', 'Content-Length', '1', 'Connection', 'host, content-length'];
	t.deepEqual(endToEnd(headers), ['Host', 'a', 'Content-Length', '1']);
});

test('a message that switches protocols keeps Connection and Upgrade', t => {
	const headers = ['Connection', 'keep-alive, Upgrade', 'Upgrade', 'websocket', 'X', '1'];
	t.deepEqual(endToEnd(headers, true), headers);
});

test('but a Connection that names anything else is replaced', t => {
	const headers = ['Connection', 'Upgrade, X-Hop', 'Upgrade', 'x', 'X-Hop', '1'];
	t.deepEqual(endToEnd(headers, true), ['Upgrade', 'x', 'Connection', 'Upgrade']);
});

test('an address of IPv4 that came mapped is written as one', t => {
	const client = {address: '::ffff:127.0.0.1', host: 'a', port: 443};
	t.deepEqual(valuesOf(withForwarded([], client), 'x-forwarded-for'), ['127.0.0.1']);
	t.deepEqual(valuesOf(withForwarded([], {...client, address: '::1'}), 'x-forwarded-for'), ['::1']);
});
