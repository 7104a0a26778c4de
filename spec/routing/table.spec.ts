import test from 'ava';
import {parseBackend} from '../../lib/backend/address.js';
import {validate} from '../../lib/config/options.js';
import {UserError} from '../../lib/errors.js';
import {compileRoutes} from '../../lib/routing/table.js';
import {matched, settings, tableOf} from './settings.js';

test('every request goes to the one backend', t => {
	const router = compileRoutes(validate({routes: 3000}).routes);
	for (const host of ['localhost', 'app.localhost', '::1', 'a.test']) {
		for (const target of ['/', '/deep/path?and=query', '//x/../..%2f;a', '*']) {
			const route = router.match({host, port: undefined, text: host}, target);
			t.deepEqual(route?.backend, parseBackend(3000));
			t.is(target === '*' ? target : route?.pathFor(target), target);
		}
	}
	t.deepEqual(
		router.routes.map(({match}) => match),
		['/'],
	);
});

test('the table cannot be changed', t => {
	const router = tableOf('/', '/a', 'a.test');
	t.true(Object.isFrozen(router));
	t.true(Object.isFrozen(router.routes));
	t.true(router.routes.every(route => Object.isFrozen(route)));
});

test('exact host, longest wildcard, all hosts; and in each the longest prefix on borders of segments', t => {
	const router = tableOf(
		...['/', '/api', '/api/v1', 'app.test/admin', '*.test/x', '*.app.test', '*.b.app.test/api'],
	);
	for (const [host, target, expected] of [
		['localhost', '/', '/'],
		['localhost', '/api', '/api'],
		['localhost', '/api/', '/api'],
		['localhost', '/api?x', '/api'],
		['localhost', '/apiary', '/'],
		['localhost', '/API', '/'],
		['localhost', '/api/v1', '/api/v1'],
		['localhost', '/api/v1/x', '/api/v1'],
		['localhost', '/api/v10', '/api'],
		['localhost', '/x/api/v1', '/'],
		['localhost', '/x?/api', '/'],
		['app.test', '/admin', 'app.test/admin'],
		['app.test', '/api', '/api'],
		['app.test', '/x', '*.test/x'],
		['app.test', '/', '/'],
		['a.app.test', '/admin', '*.app.test'],
		['a.b.app.test', '/api', '*.b.app.test/api'],
		['a.b.app.test', '/', '*.app.test'],
		['test', '/x', '/'],
		['xapp.test', '/', '/'],
		['.app.test', '/', '/'],
	] as const) {
		t.is(matched(router, host, target), expected, `${host}${target}`);
	}
});

test('regular expressions come first, in their order, and see the query as in Vite', t => {
	const router = tableOf('/api', '/', '^/api/v\\d', '^/api/.*\\.php$', '^/[^?]*\\?debug$');
	for (const [target, expected] of [
		['/api/v1/x.php', '^/api/v\\d'],
		['/api/x.php', '^/api/.*\\.php$'],
		['/api/x', '/api'],
		['/x?debug', '^/[^?]*\\?debug$'],
		['/x', '/'],
		['/%61pi//v2', '^/api/v\\d'],
	] as const) {
		t.is(matched(router, 'localhost', target), expected, target);
	}
});

test('no route is no route', t => {
	const router = tableOf('/api', 'app.test');
	t.is(matched(router, 'localhost', '/'), undefined);
	t.is(matched(router, 'localhost', '/apis'), undefined);
	t.is(matched(router, 'other.test', '/'), undefined);
	t.is(matched(router, 'app.test', '/'), 'app.test');
});

test('an asterisk goes to the host as a whole, or to its first route', t => {
	const router = tableOf('/api', '/', 'app.test/b', 'app.test/a', '*.x.test/a');
	t.is(matched(router, 'localhost', '*'), '/');
	t.is(matched(router, 'app.test', '*'), 'app.test/b');
	t.is(matched(router, 'a.x.test', '*'), '*.x.test/a');
	t.is(matched(tableOf('/a', '/b'), 'localhost', '*'), '/a');
	t.is(matched(tableOf('a.test'), 'localhost', '*'), undefined);
});

test('what two routes both match is refused, with both places', t => {
	for (const [one, other] of [
		['/api', '/api/'],
		['/', '/'],
		['app.test', 'APP.test./'],
		['/caf\u00e9', '/caf%C3%A9'],
		['*.app.test', '*.App.test/'],
		['^/x', '^/x'],
	] as const) {
		const routes = [settings(one), settings('/other'), settings(other)];
		const error = t.throws(() => compileRoutes(routes), {instanceOf: UserError});
		t.is(error?.code, 'option-invalid');
		t.regex(error?.message ?? '', /^routes\[2\]\.match: ".*" is routes\[0\]'s too$/);
	}
	t.notThrows(() => tableOf('/api', 'a.test/api', '*.a.test/api', '^/api'));
});

test('a regular expression has no prefix that could be taken off', t => {
	const error = t.throws(() => compileRoutes([settings('^/x', 1, {stripPrefix: true})]));
	t.regex(error?.message ?? '', /^routes\[0\]\.stripPrefix: /);
});

test('a backend that stays is the same one in the next table, and in all routes that lead to it', t => {
	const before = compileRoutes([settings('/', 3000), settings('/b', 4000)]);
	const routes = [settings('/c', 4000), settings('a.test', 'localhost:3000'), settings('/d', 5000)];
	const after = compileRoutes([...routes, settings('/e', 5000)], before);
	const backends = after.routes.map(({backend}) => backend);
	t.is(backends[0], before.routes[1]?.backend);
	t.is(backends[1], before.routes[0]?.backend);
	t.is(backends[2], backends[3]);
});
