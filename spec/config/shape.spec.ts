import {inspect} from 'node:util';
import test from 'ava';
import {serve, UserError} from '../../lib/index.js';

/** As somebody calls it who writes JavaScript. */
const serveAnything = serve as (options: unknown) => Promise<unknown>;

const refused = test.macro({
	title: (_, options: unknown) => `refuses ${inspect(options)}`,
	async exec(t, options: unknown, telling: RegExp) {
		const error = await t.throwsAsync(serveAnything(options), {instanceOf: UserError});
		t.is((error as UserError).code, 'option-invalid');
		t.regex(error?.message ?? '', telling);
	},
});

test(refused, undefined, /^routes: /);
test(refused, null, /^routes: /);
test(refused, 3000, /^routes: /);
test(refused, {}, /^routes: /);
test(refused, {routes: undefined}, /^(routes|backend): /);
test(refused, {routes: null}, /^routes: .*got null/);
test(refused, {routes: [3000]}, /^routes\[0\]: .*got 3000/);
test(refused, {routes: 1, prot: 8443}, /^prot: there is no such option/);
test(refused, {routes: 1, name: 'app.localhost'}, /^name: there is no such option/);
test(refused, {routes: 1, toString: 1}, /^toString: there is no such option/);
test(refused, {routes: 1, port: true}, /^port: .*got true/);
test(refused, {routes: 1, host: 127}, /^host: .*got 127/);
test(refused, {routes: 1, names: 'app.localhost'}, /^names: .*list.*got "app\.localhost"/);
test(refused, {routes: 1, names: ['a.localhost', 5]}, /^names: .*list/);
test(refused, {routes: 1, wait: '5'}, /^wait: .*got "5"/);
test(refused, {routes: 1, cert: 5}, /^cert: .*got 5/);
test(refused, {routes: 1, selfSigned: 'false'}, /^selfSigned: .*got "false"/);
test(refused, {routes: 1, signal: {aborted: false}}, /^signal: .*AbortSignal/);

test('the hint for an unknown option names those that there are', async t => {
	const error = await t.throwsAsync(serveAnything({routes: 1, prot: 1}), {instanceOf: UserError});
	t.regex((error as UserError).hint ?? '', /\broutes\b.*\bport\b.*\bsignal\b/);
});

for (const passphrase of [31_337, ['sesame-31337'], {word: 'sesame-31337'}]) {
	test(`a passphrase that is ${inspect(passphrase)} is refused without being shown`, async t => {
		const options = {routes: 1, pfx: 'own.p12', passphrase};
		const error = await t.throwsAsync(serveAnything(options), {instanceOf: UserError});
		t.regex(error?.message ?? '', /^passphrase: /);
		t.notRegex(inspect(error), /31_?337/);
	});
}
