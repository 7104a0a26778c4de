import test from 'ava';
import {ProxyError} from '../../lib/errors.js';
import type {RouteSettings} from '../../lib/routing/table.js';
import {compileRoutes} from '../../lib/routing/table.js';
import {settings} from './settings.js';

function pathFor(target: string, match: string, backend: string, more: Partial<RouteSettings>) {
	const [route] = compileRoutes([settings(match, backend, more)]).routes;
	return route?.pathFor(target);
}

const strip = {stripPrefix: true};
const vite = {rewrite: (path: string) => path.replace(/^\/api/, '')};

const cases: ReadonlyArray<
	readonly [target: string, match: string, base: string, Partial<RouteSettings>, expected: string]
> = [
	['/api/x?y=/api', '/api', '', strip, '/x?y=/api'],
	['/api', '/api', '', strip, '/'],
	['/api?x', '/api', '', strip, '/?x'],
	['/api/', '/api', '', strip, '/'],
	['/%61pi/x%20y', '/api', '', strip, '/x%20y'],
	['/api/a%2fb', '/api', '', strip, '/a%2fb'],
	['/api/a/../b', '/api', '', strip, '/a/../b'],
	['/a/b/c', '/a/b', '', strip, '/c'],
	['/caf%c3%A9/x', '/caf\u00e9', '', strip, '/x'],
	['/x', 'a.test', '', strip, '/x'],
	['/api/x', '/api', '/base', strip, '/base/x'],
	['/api', '/api', '/base', strip, '/base/'],
	['/api//x', '/api', '/base', {}, '/base/api//x'],
	['/api/x', '/api', '', vite, '/x'],
	['/api', '/api', '', vite, '/'],
	['/api?x', '/api', '', vite, '/?x'],
	['/api/x', '/api', '/base', vite, '/base/x'],
	['/api/x', '/api', '', {...strip, rewrite: path => `/v2${path}`}, '/v2/x'],
	['/api/y', '/api', '', {rewrite: () => 'x'}, '/x'],
	['/../x', '/', '', {}, '/../x'],
	['//a//b', '/', '/base', {}, '/base//a//b'],
];

for (const [target, match, base, more, expected] of cases) {
	const how = Object.keys({...more, [base]: 0}).join(' ');
	test(`${match} asks for ${target} as ${expected} (${how})`, t => {
		t.is(pathFor(target, match, `http://localhost:1${base}`, more), expected);
	});
}

const refused: ReadonlyArray<
	readonly [target: string, match: string, base: string, Partial<RouteSettings>]
> = [
	...[
		...['/x/../api/y', '//api/y', '/./api/y', '/api%2fy', '/api%5cy', '/api\\y', '/api;a/y'],
		...[
			'/api/../api/y',
			'/api/..',
			'/api/%2e%2e/api',
			'/api/..%2fapi',
			'/api/..\\api',
			'/api/..;/api',
		],
		...['/api//evil.test/x', '/api/%2fevil.test', '/api/\\evil.test', '/api/;/evil.test'],
		...['/api/a/../../api', '/api/..%00', '/api/%c0%ae%c0%ae/api', '/api/a//../../../api'],
	].map(target => [target, '/api', '', strip] as const),
	...['/..', '/../x', '/a/../../x', '/..%2fx', '/%2e%2e/x', '/..\\x', '/..;/x', '/a//../../x'].map(
		target => [target, '/', '/base', {}] as const,
	),
	['/api/x/../../api/y', '/api', '/base', vite],
	['/api/x/../../api/y', '/api', '', vite],
	['/api//evil.test/..', '/api', '', vite],
];

for (const [target, match, base, more] of refused) {
	test(`${match} does not ask for ${target} (${[...Object.keys(more), base].join(' ')})`, t => {
		const error = t.throws(() => pathFor(target, match, `http://localhost:1${base}`, more), {
			instanceOf: ProxyError,
		});
		t.is(error?.code, 'request-malformed');
		t.is(error?.source, 'downstream');
		t.truthy(error?.hint);
	});
}

test('a rewrite that gives no path fails its request, and says which route it is of', t => {
	const wrong: ReadonlyArray<(path: string) => unknown> = [
		() => undefined,
		() => null,
		() => 5,
		() => '/a b',
		() => '/a\r\nX: y',
		() => '/\u20ac',
		() => {
			throw new Error('wrong');
		},
		async () => '/x',
		() => Promise.reject(new Error('unheard, it would end the process')),
	];
	for (const rewrite of wrong) {
		const more = {rewrite: rewrite as (path: string) => string};
		const error = t.throws(() => pathFor('/x', 'a.test/x', '1', more), {instanceOf: ProxyError});
		t.is(error?.code, 'function-failed');
		t.is(error?.source, 'internal');
		t.regex(error?.message ?? '', /^the rewrite of the route a\.test\/x /);
	}
});
