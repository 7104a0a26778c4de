import test from 'ava';
import {certificatePolicy} from '../../lib/access/certificate.js';
import type {Applicant, Client} from '../../lib/forward/seams.js';

const alice = {
	name: 'alice',
	names: ['alice', 'alice.localhost'],
	der: Buffer.alloc(0),
	fingerprint: '',
	authority: 'a',
};

function refusal(
	certificate: Client['certificate'],
	names: readonly string[] = [],
	authority = 'a',
) {
	const client = {address: '127.0.0.1', port: 1, peers: undefined, certificate};
	const applicant: Applicant = {
		client,
		authority: {host: 'localhost', port: undefined, text: 'localhost'},
		method: 'GET',
		target: '/',
		values: () => [],
	};
	return certificatePolicy({names, authority, isLocal: true}).admit(applicant);
}

test('a verified certificate is enough where no names are given', t => {
	t.is(refusal(alice), undefined);
});

test('with names, one of them has to be in the certificate, letter by letter', t => {
	t.is(refusal(alice, ['bob', 'alice']), undefined);
	t.is(refusal(alice, ['alice.localhost']), undefined);
	t.is(refusal({...alice, names: ['Zoë'.normalize('NFC')]}, ['Zoë'.normalize('NFD')]), undefined);
	for (const name of ['Alice', 'alice ', 'ali', 'alice\0', 'localhost', '*', '']) {
		const error = refusal(alice, [name]);
		t.is(error?.code, 'certificate-refused', name);
		t.is(error?.policy, 'mtls');
		t.regex(error?.message ?? '', /is for "alice"/);
	}
});

test('who has none is told why', t => {
	const error = refusal(new Error('the client sent no certificate'));
	t.is(error?.code, 'certificate-refused');
	t.is(error?.message, 'the client sent no certificate');
	t.regex(error?.hint ?? '', /sealport cert --client/);
});

test('a connection that began before the authority was asked for is refused', t => {
	t.is(refusal(undefined)?.code, 'certificate-refused');
	t.is(refusal({...alice, authority: 'b'})?.code, 'certificate-refused');
});

test('where no authority is known nobody is let in', t => {
	const policy = certificatePolicy({names: [], authority: undefined, isLocal: true});
	for (const certificate of [alice, undefined, new Error('none')]) {
		const client = {address: '127.0.0.1', port: 1, peers: undefined, certificate};
		t.is(policy.admit({client} as Applicant)?.code, 'certificate-refused');
	}
});

test('a name cannot write to the terminal', t => {
	t.notRegex(refusal({...alice, name: 'a\u001b[31m\n'}, ['bob'])?.message ?? '', /[\u001b\n]/);
});
