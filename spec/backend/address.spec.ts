import test from 'ava';
import {parseBackend, parsePort} from '../../lib/backend/address.js';
import {UserError} from '../../lib/errors.js';

for (const [input, host, port, base] of [
	[3000, 'localhost', 3000, ''],
	['3000', 'localhost', 3000, ''],
	['localhost:3000', 'localhost', 3000, ''],
	['app.test:80', 'app.test', 80, ''],
	['127.0.0.1:3000', '127.0.0.1', 3000, ''],
	['[::1]:3000', '::1', 3000, ''],
	['http://127.0.0.1:3000/base', '127.0.0.1', 3000, '/base'],
	['http://127.0.0.1:3000/a/b//', '127.0.0.1', 3000, '/a/b'],
	['HTTP://localhost', 'localhost', 80, ''],
] as const) {
	test(`${JSON.stringify(input)} is ${host}, port ${port}, base "${base}"`, t => {
		const backend = parseBackend(input);
		t.like(backend, {kind: 'tcp', host, port, base});
		t.true(Object.isFrozen(backend));
	});
}

test('unix:/path is a socket', t => {
	t.like(parseBackend('unix:/tmp/x.sock'), {kind: 'unix', path: '/tmp/x.sock', base: ''});
	t.like(parseBackend('unix:///tmp/x.sock'), {path: '/tmp/x.sock'});
	t.like(parseBackend('unix:x.sock'), {path: 'x.sock'});
});

for (const input of [
	'',
	'0',
	'-1',
	'65536',
	'80800',
	'localhost',
	'localhost:',
	'localhost:0',
	'localhost:99999',
	'https://localhost:3000',
	'wss://localhost:3000',
	'ftp://localhost:3000',
	'http://user:secret@localhost:3000',
	'http://localhost:3000/?x',
	'http://localhost:3000/#x',
	'http://',
	'a b:3000',
	'unix:',
]) {
	test(`"${input}" is refused, with the place and the value`, t => {
		const error = t.throws(() => parseBackend(input, 'routes'), {instanceOf: UserError});
		t.is(error?.code, 'option-invalid');
		t.regex(error?.message ?? '', /^routes: /);
		t.notRegex(error?.message ?? '', /secret/);
	});
}

test('port 0 is a port only where a free one is meant', t => {
	t.is(parsePort('0', 'port', 0), 0);
	t.throws(() => parsePort('0', 'port'), {
		message: 'port: expected a port from 1 to 65535, got "0"',
	});
});
