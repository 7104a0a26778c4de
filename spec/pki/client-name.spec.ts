import test from 'ava';
import {UserError} from '../../lib/errors.js';
import {parseClientName} from '../../lib/pki/client-name.js';
import {permitted} from '../../lib/pki/constraints.js';

const parse = (text: string) => parseClientName(text, permitted);

test('a client is named by any text, and in further forms where it has one', t => {
	for (const text of ['Alice Example', 'build agent v1.2', 'build_agent', 'ältere.dame', '用户']) {
		t.deepEqual(parse(text), {commonName: text, alternative: {kind: 'directory', text}});
	}
	for (const text of ['jane.doe@localhost', 'a+b@Mail.example.com']) {
		t.deepEqual(parse(text), {commonName: text, alternative: {kind: 'email', text}});
	}
	for (const [text, name] of [
		['Billing.Internal.', 'billing.internal'],
		['localhost', 'localhost'],
	] as const) {
		t.deepEqual(parse(text), {commonName: name, alternative: {kind: 'dns', text: name}});
	}
	for (const text of ['Alice', 'agent-7']) {
		const name = `${text.toLowerCase()}.localhost`;
		t.deepEqual(parse(text), {commonName: text, alternative: {kind: 'dns', text: name}});
	}
	t.is(parse('a\u0308').commonName, 'ä');
	t.is(parse('🔑'.repeat(64)).commonName.length, 128);
});

for (const text of ['jane.doe', 'build_agent.eu', 'bank.example', '*.example.com', 'a.b.c.']) {
	test(`what OpenSSL would take for a host name of somebody else is refused: ${text}`, t => {
		const error = t.throws(() => parse(text), {instanceOf: UserError});
		t.is(error?.code, 'name-outside-constraints');
		t.regex(error?.hint ?? '', /@localhost .*sealport trust --domain /);
	});
}

for (const text of [
	'',
	' alice',
	'alice\n',
	'a\u0000b',
	'a\u202eb',
	'x'.repeat(65),
	'10.0.0.1',
	'::1',
]) {
	test(`what names nobody is refused: "${encodeURIComponent(text).slice(0, 20)}"`, t => {
		const error = t.throws(() => parse(text), {instanceOf: UserError});
		t.is(error?.code, 'option-invalid');
		t.truthy(error?.hint);
	});
}
