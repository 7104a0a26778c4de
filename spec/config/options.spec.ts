import {inspect} from 'node:util';
import test from 'ava';
import {defaultPort, type ServeOptions, validate} from '../../lib/config/options.js';
import {UserError} from '../../lib/errors.js';

test('what is not said takes its default', t => {
	const {port, host, names, wait, certificate, routes} = validate({routes: 3000});
	t.is(port, defaultPort);
	t.is(defaultPort, 62_893);
	t.is(host, 'loopback');
	t.deepEqual(names, []);
	t.is(wait, 5000);
	t.is(certificate.kind, 'authority');
	t.is(routes[0]?.backend.label, 'http://localhost:3000');
});

test('an option that is undefined counts as not given', t => {
	const {port, wait} = validate({routes: 3000, port: undefined, wait: undefined});
	t.is(port, defaultPort);
	t.is(wait, 5000);
});

for (const [given, host] of [
	['localhost', 'loopback'],
	['LOOPBACK', 'loopback'],
	['[::1]', '::1'],
	['0.0.0.0', '0.0.0.0'],
	['0:0:0:0:0:0:0:1', '::1'],
	['[0:0::0001]', '::1'],
	['FE80::00AB', 'fe80::ab'],
] as const) {
	test(`host ${given}`, t => {
		t.is(validate({routes: 1, host: given, expose: 'anyone'}).host, host);
	});
}

test('names are brought to the form that certificates hold', t => {
	t.deepEqual(validate({routes: 1, names: ['App.Localhost.', '[::1]', 'bücher.test']}).names, [
		'app.localhost',
		'::1',
		'xn--bcher-kva.test',
	]);
});

const refused = test.macro({
	title: (_, options) => `refuses ${inspect(options)}`,
	exec(t, options: Partial<ServeOptions>, telling: RegExp) {
		const error = t.throws(() => validate({routes: 3000, ...options}), {instanceOf: UserError});
		t.is(error?.code, 'option-invalid');
		t.regex(error?.message ?? '', telling);
		t.truthy(error?.hint);
	},
});

test(refused, {port: 65_536}, /^port: .*got "65536"/);
test(refused, {port: -1}, /^port: .*got "-1"/);
test(refused, {port: 1.5}, /^port: .*got "1.5"/);
test(refused, {host: 'example.com'}, /^host: .*got "example.com"/);
test(refused, {host: 'fe80::1%lo'}, /^host: .*got "fe80::1%lo"/);
test(refused, {host: ''}, /^host: .*got ""/);
test(refused, {names: ['a b']}, /^names\[0\]: .*got "a b"/);
test(refused, {names: ['*.app.test']}, /^names\[0\]: .*wildcard.*got "\*\.app\.test"/);
test(refused, {wait: -1}, /^wait: .*got -1/);
test(refused, {wait: Number.NaN}, /^wait: /);
test(refused, {wait: Number.POSITIVE_INFINITY}, /^wait: /);
test(refused, {port: 3000}, /^routes: .*3000.*itself/);
test(refused, {routes: '127.0.0.1:8443', port: 8443}, /^routes: .*itself/);
test(refused, {routes: '[::1]:8443', port: 8443}, /^routes: .*itself/);
test(refused, {cert: 'a.pem'}, /^cert: /);
test(refused, {key: 'a.pem'}, /^key: /);
test(refused, {cert: 'a', key: 'b', pfx: 'c'}, /cert and key and pfx/);
test(refused, {pfx: 'c', selfSigned: true}, /pfx and self-signed/);
test(refused, {passphrase: 'hunter2'}, /^passphrase: (?!.*hunter2)/);
