import test from 'ava';
import {UserError} from '../../lib/errors.js';
import {parseMatch} from '../../lib/routing/match.js';

const read: ReadonlyArray<readonly [text: string, host: string | undefined, prefix: string]> = [
	['/', undefined, '/'],
	['/api', undefined, '/api'],
	['/api/', undefined, '/api'],
	['/api/v1.2/~x', undefined, '/api/v1.2/~x'],
	[' /api ', undefined, '/api'],
	['/@vite', undefined, '/@vite'],
	['/%40vite', undefined, '/@vite'],
	['/%7euser', undefined, '/~user'],
	['/API', undefined, '/API'],
	['/caf\u00e9', undefined, '/caf%C3%A9'],
	['/cafe\u0301', undefined, '/caf%C3%A9'],
	['/caf%c3%a9', undefined, '/caf%C3%A9'],
	['/a b', undefined, '/a%20b'],
	['/a=b', undefined, '/a=b'],
	['/.well-known', undefined, '/.well-known'],
	['/...', undefined, '/...'],
	['api.localhost', 'api.localhost', '/'],
	['api.localhost/', 'api.localhost', '/'],
	['app.test/admin', 'app.test', '/admin'],
	['APP.Test./Admin/', 'app.test', '/Admin'],
	['*.app.localhost', '*.app.localhost', '/'],
	['*.App.localhost./x', '*.app.localhost', '/x'],
	['localhost', 'localhost', '/'],
	['b\u00fccher.test', 'xn--bcher-kva.test', '/'],
	['*.b\u00fccher.test', '*.xn--bcher-kva.test', '/'],
	['127.0.0.1/x', '127.0.0.1', '/x'],
	['[::1]', '::1', '/'],
	['[0:0::1]/x', '::1', '/x'],
];

for (const [text, host, prefix] of read) {
	test(`${JSON.stringify(text)} is understood`, t => {
		const match = parseMatch(text);
		t.deepEqual([match.host, match.prefix, match.pattern], [host, prefix, undefined]);
		const again = parseMatch(match.text);
		t.deepEqual([again.host, again.prefix, again.text], [host, prefix, match.text]);
	});
}

test('a match that begins with a circumflex is a regular expression, as in Vite', t => {
	const match = parseMatch('^/api/v[12]/.*');
	t.is(match.host, undefined);
	t.true(match.pattern?.test('/api/v2/x'));
	t.false(match.pattern?.test('/api/v3/x'));
});

const refused: ReadonlyArray<readonly [text: string, why: RegExp, hint: RegExp]> = [
	['', /expected a path or a host/, /\/api/],
	['  ', /expected a path or a host/, /\/api/],
	['api.localhost:8080', /every port/, /"api\.localhost"/],
	['api.localhost:8080/x', /every port/, /"api\.localhost"/],
	['api.localhost:', /every port/, /"api\.localhost"/],
	['[::1]:443', /every port/, /"\[::1\]"/],
	['::1', /brackets|every port/, /./],
	['fe80::1:2', /brackets/, /\[fe80::1:2\]/],
	['https://app.test/x', /no scheme/, /"app\.test\/x"/],
	['http://app.test:80', /no scheme/, /"app\.test"/],
	['my_api', /host or a path/, /"\/my_api"/],
	['a..b', /host or a path/, /./],
	['*', /wildcard/, /\*\.app\.localhost/],
	['*.', /host or a path/, /./],
	['a.*.test', /wildcard/, /./],
	['*a.test', /wildcard/, /./],
	['*.*.test', /wildcard/, /./],
	['*.127.0.0.1', /below an address/, /./],
	['/api?x', /query/, /path alone/],
	['/api#x', /fragment/, /path alone/],
	['/api/*', /no wildcard/, /"\/api"/],
	['/api/**', /no wildcard/, /"\/api"/],
	['/*', /no wildcard/, /"\/"/],
	['/a/../b', /read alike/, /"\/b"/],
	['/a/%2e%2e/b', /read alike/, /"\/b"/],
	['/a//b', /read alike/, /"\/a\/b"/],
	['//a', /read alike/, /"\/a"/],
	['/a\\b', /read alike/, /./],
	['/a%2fb', /read alike/, /./],
	['/a;b', /read alike/, /./],
	['/a%00', /read alike/, /./],
	['/a\u0007', /control/, /./],
	['api', /a host of one word leads nowhere/, /"\/api", or the host "api\.localhost"/],
	['^/api(', /regular expression \(Unterminated group\)/, /./],
];

for (const [text, why, hint] of refused) {
	test(`${JSON.stringify(text)} is refused, with place, value and hint`, t => {
		const error = t.throws(() => parseMatch(text, 'routes[2].match'), {instanceOf: UserError});
		t.is(error?.code, 'option-invalid');
		t.true(error?.message.startsWith('routes[2].match: '), error?.message);
		t.true(error?.message.endsWith(`, got ${JSON.stringify(text)}`), error?.message);
		t.regex(error?.message ?? '', why);
		t.regex(error?.hint ?? '', hint);
	});
}
