import test from 'ava';
import {describeClient} from '../../lib/access/describe.js';
import {clientOf, heldBy, peer} from '../helpers/peers.js';

const certificateOf = (name: string) => ({
	name,
	names: [name],
	der: Buffer.alloc(0),
	fingerprint: '',
	authority: '',
});

test('who a client is', t => {
	t.is(describeClient(clientOf(undefined, '172.17.0.2')), '172.17.0.2');
	t.is(describeClient(heldBy(peer())), 'bob, /usr/bin/curl (pid 4121)');
	t.is(
		describeClient(heldBy(peer({user: '', executable: undefined}))),
		'an unknown user, an unknown program (pid 4121)',
	);
	t.is(describeClient(clientOf(new Error('it has gone'), '::1')), '::1 (not known: it has gone)');
	const certificate = certificateOf('carol');
	t.is(describeClient({...clientOf(undefined), certificate}), '"carol", 127.0.0.1');
});

test('every process that has the socket is named, up to three', t => {
	const many = [1, 2, 3, 4, 5].map(pid => peer({pid}));
	t.is(
		describeClient(heldBy(...many.slice(0, 2))),
		'bob, /usr/bin/curl (pid 1) and bob, /usr/bin/curl (pid 2)',
	);
	t.regex(describeClient(heldBy(...many)), /\(pid 3\) and 2 more$/);
});

test('names from the process table cannot do anything to a terminal', t => {
	const hostile = '\x1b[2J\u202e\n';
	const certificate = certificateOf(hostile);
	for (const text of [
		describeClient(heldBy(peer({user: hostile, executable: `/tmp/${hostile}`}))),
		describeClient({...clientOf(new Error(hostile)), certificate}),
	]) {
		t.notRegex(text, /[\x00-\x1f\u202e]/);
		t.true(text.includes('\\x1b'));
	}
});
