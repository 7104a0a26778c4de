import test from 'ava';
import {Malformed} from '../../../../lib/forward/wire/codec/octets.js';
import {makeField} from '../../../../lib/forward/wire/http2/field.js';
import {readTrailers} from '../../../../lib/forward/wire/http2/request.js';
import type {Fields} from '../../../helpers/http2/fields.js';

const read = (fields: Fields) =>
	readTrailers(fields.map(([name, value]) => makeField(name, value)));

test('trailers become lines, in their order', t => {
	t.is(read([]), '');
	t.is(
		read([
			['x-sum', '1'],
			['x-empty', ''],
			['x-sum', '2'],
		]),
		'x-sum: 1\r\nx-empty: \r\nx-sum: 2\r\n',
	);
});

test('what says where a message goes, or is set by Sealport, does not go on in trailers', t => {
	const names = [
		'host',
		'te',
		'trailer',
		'x-forwarded-for',
		'x-forwarded-proto',
		'x-forwarded-host',
		'x-forwarded-port',
	];
	t.is(read(names.map(name => [name, name === 'te' ? 'trailers' : 'a'] as const)), '');
});

const refused: Record<string, Fields[number]> = {
	'a pseudo-header': [':path', '/'],
	':status': [':status', '200'],
	'a pseudo-header that nobody knows': [':x', '1'],
	'content-length': ['content-length', '0'],
	'transfer-encoding': ['transfer-encoding', 'chunked'],
	connection: ['connection', 'close'],
	'keep-alive': ['keep-alive', '1'],
	upgrade: ['upgrade', 'h2c'],
	'TE other than trailers': ['te', 'gzip'],
	'upper case': ['X-Sum', '1'],
	'a line break in a value': ['x', '1\r\nhost: evil.test'],
	NUL: ['x', '\0'],
	'a line break in a name': ['x: 1\r\ny', '2'],
};

for (const [what, field] of Object.entries(refused)) {
	test(`refused in trailers: ${what}`, t => {
		t.throws(() => read([['x-sum', '1'], field, ['x-end', '1']]), {instanceOf: Malformed});
	});
}
