import test from 'ava';
import {parseBackend, parsePort} from '../../lib/backend/address.js';
import {UserError} from '../../lib/errors.js';

for (const [text, label, host, base = ''] of [
	[3000, 'http://localhost:3000', 'localhost'],
	['3000\n', 'http://localhost:3000', 'localhost'],
	['localhost:1', 'http://localhost:1', 'localhost'],
	['localhost:80', 'http://localhost:80', 'localhost'],
	['LOCALHOST:65535', 'http://localhost:65535', 'localhost'],
	['[::1]:3000', 'http://[::1]:3000', '::1'],
	['http://127.0.0.1', 'http://127.0.0.1:80', '127.0.0.1'],
	['http://app.test:8080/base/', 'http://app.test:8080/base', 'app.test', '/base'],
	['h2c://localhost:50051', 'h2c://localhost:50051', 'localhost'],
	['H2C://[::1]:50051/', 'h2c://[::1]:50051', '::1'],
	['h2c://App.test/base/', 'h2c://app.test:80/base', 'app.test', '/base'],
	['unix:/run/app.sock', 'unix:/run/app.sock'],
	['unix:///run/app.sock', 'unix:/run/app.sock'],
] as const) {
	test(`backend ${JSON.stringify(text)}`, t => {
		const backend = parseBackend(text);
		t.is(backend.label, label);
		t.is(backend.base, base);
		t.is(backend.kind === 'tcp' ? backend.host : undefined, host);
		t.is(backend.protocol, label.startsWith('h2c:') ? 'h2c' : 'http/1.1');
	});
}

const refused = test.macro({
	title: (_, text) => `not a backend: ${JSON.stringify(text)}`,
	exec(t, text: string | number, telling: RegExp) {
		const error = t.throws(() => parseBackend(text, 'routes'), {instanceOf: UserError});
		t.is(error?.code, 'option-invalid');
		t.regex(error?.message ?? '', /^routes: /);
		t.regex(error?.message ?? '', telling);
		t.truthy(error?.hint);
	},
});

test(refused, '', /expected a backend/);
test(refused, 0, /from 1 to 65535, got "0"/);
test(refused, '80800', /got "80800"/);
test(refused, -1, /got "-1"/);
test(refused, 'localhost', /port after the host/);
test(refused, 'localhost:', /port after the host/);
test(refused, 'localhost:99999', /from 1 to 65535, got "99999"/);
test(refused, 'https://localhost:3000', /plaintext/);
test(refused, 'wss://localhost:3000', /plaintext/);
test(refused, 'h2://localhost:3000', /plaintext/);
test(refused, 'ftp://localhost:21', /http:\/\/ or h2c:\/\/, found ftp:/);
test(refused, 'h2c://localhost:99999', /from 1 to 65535, got "99999"/);
test(refused, 'h2c:localhost:50051', /./);
test(refused, 'http://localhost:3000/?q', /no query/);
test(refused, 'a b:3000', /not a backend, got "a b:3000"/);
test(refused, 'unix:', /path after "unix:"/);

for (const text of [
	'user:hunter2@localhost:3000',
	'http://user:hunter2@localhost:3000',
	'h2c://user:hunter2@localhost:3000',
]) {
	test(`a password in ${text.split(':')[0]} is not repeated`, t => {
		const error = t.throws(() => parseBackend(text), {instanceOf: UserError});
		t.regex(error?.message ?? '', /user and password do not belong in a backend/);
		t.notRegex(`${error?.message} ${error?.hint}`, /hunter2/);
	});
}

test('the same backend given twice is two, since reuse goes by identity, and each is frozen', t => {
	const one = parseBackend(3000);
	t.true(Object.isFrozen(one));
	t.not(one, parseBackend(3000));
});

test('a port is decimal digits within its range', t => {
	t.is(parsePort('0', 'port', 0), 0);
	t.is(parsePort('65535', 'port'), 65_535);
	for (const text of ['', '0x50', '1e3', '80.0', ' 80', '+80', '-1', '65536', '000080', 'NaN']) {
		t.throws(() => parsePort(text, 'port', 0), {code: 'option-invalid'}, text);
	}
});
