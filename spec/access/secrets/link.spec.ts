import test from 'ava';
import {readLink, withoutToken} from '../../../lib/access/secrets/link.js';

for (const [target, rest, token] of [
	['/?sealport-token=abc', '/', 'abc'],
	['/a/b?sealport-token=abc', '/a/b', 'abc'],
	['/?a=1&sealport-token=abc', '/?a=1', 'abc'],
	['/?sealport-token=abc&a=1', '/?a=1', 'abc'],
	['/?a=%20+&sealport-token=abc&&b', '/?a=%20+&&b', 'abc'],
	['/?sealport-token=abc&x=1&sealport-token=def', '/?x=1', 'abc'],
	['/?sealport%2Dtoken=abc', '/', 'abc'],
	['/?%73ealport-%74oken=abc', '/', 'abc'],
	['/?sealport-token=%61b%63', '/', 'abc'],
	['/?sealport-token=a+b=c%', '/', 'a+b=c%'],
	['/?sealport-token=', '/', ''],
	['/?sealport-token', '/', ''],
	['//evil.test/?sealport-token=abc', '//evil.test/', 'abc'],
	['https://localhost/x?sealport-token=abc', 'https://localhost/x', 'abc'],
] as const) {
	test(`${target} is ${rest} with the token ${token}`, t => {
		t.deepEqual(readLink(target), {rest, token});
		t.is(readLink(rest), undefined);
		t.false(/abc|def/.test(withoutToken(target)));
	});
}

for (const target of [
	'/',
	'*',
	'/?',
	'/?a=sealport-token',
	'/sealport-token=abc',
	'/?xsealport-token=abc',
	'/?sealport-tokens=abc',
	'/?sealport%252Dtoken=abc',
	'/?a=%zz&%',
]) {
	test(`${target} is no link`, t => {
		t.is(readLink(target), undefined);
		t.is(withoutToken(target), target);
	});
}

test('what logs show keeps everything but the token', t => {
	t.is(withoutToken('/a?b=1&sealport-token=abc&c=?x'), '/a?b=1&sealport-token=***&c=?x');
	t.is(withoutToken('/a?b=1;sealport%2dtoken=abc'), '/a?b=1;sealport%2dtoken=***');
	t.is(withoutToken('/a?b?sealport-token=abc'), '/a?b?sealport-token=***');
});
