import test from 'ava';
import {clientLines} from '../../lib/forward/client-lines.js';
import type {Client} from '../../lib/forward/seams.js';

const of = (certificate: Client['certificate']) =>
	clientLines({address: '127.0.0.1', port: 1, peers: undefined, certificate});
const named = (name: string) =>
	of({name, names: [name], der: Buffer.from('abcd'), fingerprint: '', authority: ''});

test('without a certificate there is nothing to tell', t => {
	t.is(of(undefined), '');
	t.is(of(new Error('none')), '');
});

test('the name is told, and the certificate as RFC 9440 has it', t => {
	t.is(named('alice'), 'Sealport-Client: alice\r\nClient-Cert: :YWJjZA==:\r\n');
});

test('whatever a name holds stands in one line and can be read back', t => {
	for (const [name, told] of [
		['Alice Exämple, Ltd.', 'Alice%20Ex%C3%A4mple,%20Ltd.'],
		['100%', '100%25'],
		['%41', '%2541'],
		['a\r\nX-Admin: 1', 'a%0D%0AX-Admin:%201'],
		['a\0b', 'a%00b'],
		['\u{1f600}~!', '%F0%9F%98%80~!'],
		['jane.doe@localhost', 'jane.doe@localhost'],
	] as const) {
		t.is(named(name).split('\r\n')[0], `Sealport-Client: ${told}`);
		t.is(decodeURIComponent(told), name);
	}
	t.regex(named('\ud800'), /^Sealport-Client: %EF%BF%BD\r\n/);
});
