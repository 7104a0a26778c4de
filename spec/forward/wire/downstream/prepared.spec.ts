import test from 'ava';
import {ProxyError} from '../../../../lib/errors.js';
import type {Snapshot} from '../../../../lib/forward/seams.js';
import {readRequestHead} from '../../../../lib/forward/wire/codec/request-head.js';
import {prepare} from '../../../../lib/forward/wire/downstream/prepared.js';
import {clientAt, snapshotOf} from '../snapshot.js';

const read = (text: string, snapshot: Snapshot = snapshotOf()) =>
	prepare(readRequestHead(Buffer.from(text, 'latin1'), 100), snapshot, clientAt('127.0.0.1'));

test('a request that is admitted has its plan, and says by what it was made', t => {
	const snapshot = snapshotOf();
	const prepared = read('GET / HTTP/1.1\r\nHost: a:1\r\n\r\n', snapshot);
	t.like(prepared, {requested: {host: 'a:1'}, closes: false, snapshot});
	t.false(prepared.plan instanceof ProxyError);
});

test('what is wrong with a request closes its connection, and what is not does not', t => {
	const refuse = () => new ProxyError('name-not-served', 'downstream', 'no');
	const cases: ReadonlyArray<[head: string, snapshot: Snapshot, code: string, closes: boolean]> = [
		['GET / HTTP/1.1\r\n\r\n', snapshotOf(), 'request-malformed', true],
		['CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n', snapshotOf(), 'method-refused', true],
		['GET / HTTP/1.1\r\nHost: a\r\n\r\n', snapshotOf({path: '/b'}), 'route-missing', false],
		['GET / HTTP/1.1\r\nHost: a\r\n\r\n', snapshotOf({refuse}), 'name-not-served', false],
		['GET / HTTP/1.0\r\nHost: a\r\n\r\n', snapshotOf({refuse}), 'name-not-served', true],
	];
	for (const [head, snapshot, code, closes] of cases) {
		t.like(read(head, snapshot), {plan: {code}, closes}, head);
	}
});

test('a fault in a policy is not taken for a refusal', t => {
	const refuse = () => {
		throw new TypeError('a fault');
	};
	t.throws(() => read('GET / HTTP/1.1\r\nHost: a\r\n\r\n', snapshotOf({refuse})), {
		instanceOf: TypeError,
	});
});
