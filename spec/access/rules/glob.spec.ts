import test from 'ava';
import fc from 'fast-check';
import {compileGlob, isGlob, wrongWithGlob} from '../../../lib/access/rules/glob.js';

const fits = test.macro({
	title: (_, glob: string, path: string) => `${glob} is for ${path}`,
	exec: (t, glob: string, path: string) => t.true(compileGlob(glob)(path)),
});
const differs = test.macro({
	title: (_, glob: string, path: string) => `${glob} is not for ${JSON.stringify(path)}`,
	exec: (t, glob: string, path: string) => t.false(compileGlob(glob)(path)),
});

test(fits, '/usr/bin/curl', '/usr/bin/curl');
test(fits, '/usr/bin/*', '/usr/bin/curl');
test(fits, '/usr/bin/python3*', '/usr/bin/python3');
test(fits, '/usr/bin/python3.??', '/usr/bin/python3.11');
test(fits, '/usr/bin/?', '/usr/bin/😀');
test(fits, '/opt/**/curl', '/opt/curl');
test(fits, '/opt/**/curl', '/opt/a/b/curl');
test(fits, '/opt/**', '/opt/a/b/curl');
test(fits, '/**', '/a');
test(fits, '/**/bin/**/x*y', '/bin/bin/a/xby');
test(fits, '/opt/*', '/opt/a\nb');
test(fits, '/opt/a.c', '/opt/a.c');
test(differs, '/opt/a.c', '/opt/abc');
test(differs, '/usr/bin/*', '/usr/bin/a/curl');
test(differs, '/usr/bin/*', '/usr/bin/');
test(differs, '/usr/bin/*', '/usr/bin');
test(differs, '/opt/**', '/opt');
test(differs, '/opt/**/curl', '/opt/curl/a');
test(differs, '/opt/**/curl', '/opt/xcurl');
test(differs, '/usr/bin/curl', '/usr/bin/curl (deleted)');
test(differs, '/usr/bin/curl', 'usr/bin/curl');
test(differs, '/usr/bin/curl', '');
test(differs, '/usr/bin/curl?', '/usr/bin/curl');
test(differs, '/usr/*/curl', '/usr//curl');

for (const bad of [
	'/usr/bin/[ab]',
	'/usr/{a,b}',
	'/usr/**curl',
	'/usr/a**/b',
	'/usr/../x*',
	'/usr/*/',
]) {
	test(`bad: ${bad}`, t => {
		t.true(isGlob(bad));
		t.is(typeof wrongWithGlob(bad), 'string');
	});
}

const name = fc.string({
	unit: fc.constantFrom('a', 'b', '.', '*', '?'),
	minLength: 1,
	maxLength: 5,
});
const part = fc.oneof({weight: 1, arbitrary: fc.constant('**')}, {weight: 4, arbitrary: name});
const glob = fc
	.array(part, {minLength: 1, maxLength: 5})
	.map(parts => `/${parts.join('/')}`)
	.filter(text => wrongWithGlob(text) === undefined);
const plain = fc.string({unit: fc.constantFrom('a', 'b', '.'), minLength: 1, maxLength: 4});
const path = fc.array(plain, {minLength: 1, maxLength: 6}).map(parts => `/${parts.join('/')}`);

/** The same by a regular expression, which is easier to read and may take for ever. */
function byExpression(text: string): RegExp {
	const names = text.split('/').slice(1);
	const source = names.map((name, index) => {
		if (name === '**') {
			return index === names.length - 1 ? '(/[^/]+)+' : '(/[^/]+)*';
		}
		const plain = name.replaceAll('.', '\\.');
		return `/${plain.replaceAll('*', '[^/]*').replaceAll('?', '[^/]')}`;
	});
	return new RegExp(`^${source.join('')}$`);
}

test('a glob is for what the regular expression of the same meaning is for', t => {
	t.timeout(120_000);
	fc.assert(
		fc.property(glob, path, (text, each) => {
			const expected = byExpression(text).test(each);
			return compileGlob(text)(each) === expected;
		}),
		{numRuns: 5000, interruptAfterTimeLimit: 60_000, markInterruptAsFailure: true},
	);
	t.pass();
});

test('every path fits itself, and each of its names may be a star', t => {
	fc.assert(
		fc.property(path, each => {
			const stars = each.replace(/[^/]+/g, '*');
			return compileGlob(each)(each) && compileGlob(stars)(each) && compileGlob('/**')(each);
		}),
		{numRuns: 500},
	);
	t.pass();
});

test('paths that are made to take long do not', t => {
	const deep = `/${'a/'.repeat(2000)}b`;
	const long = `/${'a'.repeat(4000)}b`;
	t.false(compileGlob(`/${'**/a/'.repeat(40)}c`)(deep));
	t.false(compileGlob(`/${'*a'.repeat(40)}c`)(long));
	t.false(compileGlob(`/${'**/*a*a*a*'.repeat(20).replaceAll('**/', '/**/').slice(1)}c`)(deep));
});
