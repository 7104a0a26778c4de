import test from 'ava';
import {ProxyError} from '../../lib/errors.js';
import {identify, parseAuthority} from '../../lib/forward/authority.js';

for (const [text, host, port] of [
	['localhost', 'localhost', undefined],
	['LocalHost:80', 'localhost', 80],
	['localhost.', 'localhost', undefined],
	['localhost.:80', 'localhost', 80],
	['localhost:', 'localhost', undefined],
	['[::1]', '::1', undefined],
	['[0:0:0:0:0:0:0:1]:443', '::1', 443],
	['[::ffff:127.0.0.1]', '::ffff:7f00:1', undefined],
	['a_b-c.test:65535', 'a_b-c.test', 65_535],
] as const) {
	test(`"${text}" is ${host}, port ${port}`, t => {
		t.deepEqual(parseAuthority(text), {host, port, text});
	});
}

for (const text of [
	'',
	'.',
	':80',
	'a b',
	'a,b',
	'a@b',
	'a/b',
	'a:b',
	'a:0',
	'a:65536',
	'a:123456',
	'::1',
	'[::1',
	'[::1]x',
	'[x]',
	'[1.2.3.4]',
	'a\n',
	`${'a'.repeat(254)}`,
]) {
	test(`${JSON.stringify(text.slice(0, 20))} is no authority`, t => {
		const error = t.throws(() => parseAuthority(text), {instanceOf: ProxyError});
		t.is((error as ProxyError).code, 'request-malformed');
		t.is((error as ProxyError).source, 'downstream');
	});
}

const get = (target: string, hosts: readonly string[] = ['localhost'], method = 'GET') =>
	identify({method, target, hosts}).target;

test('a path is kept byte for byte', t => {
	t.is(get('//a/../%2e?#'), '//a/../%2e?#');
});

test('an absolute target becomes its path', t => {
	t.is(get('https://localhost'), '/');
	t.is(get('https://localhost?x'), '/?x');
	t.is(get('http://LOCALHOST/a//b?c'), '/a//b?c');
});

test('* is for OPTIONS alone', t => {
	t.is(get('*', ['localhost'], 'OPTIONS'), '*');
	t.throws(() => get('*'), {instanceOf: ProxyError});
});

for (const target of [
	'',
	'x',
	'https://other/',
	'https://localhost:443/',
	'https://localhost/#x',
	'ftp://localhost/',
	'/a b',
	'/a\0',
]) {
	test(`the target ${JSON.stringify(target)} is refused`, t => {
		t.throws(() => get(target), {instanceOf: ProxyError});
	});
}

test('exactly one Host', t => {
	t.throws(() => get('/', []), {instanceOf: ProxyError});
	t.throws(() => get('/', ['localhost', 'localhost']), {instanceOf: ProxyError});
});
