import test from 'ava';
import {parseBackend} from '../../lib/backend/address.js';
import {routeAll} from '../../lib/routing/table.js';

const backend = parseBackend(3000, 'backend');

test('every request goes to the one backend', t => {
	const router = routeAll(backend);
	for (const host of ['localhost', 'app.localhost', '::1', 'a.test']) {
		for (const target of ['/', '/deep/path?and=query', '*']) {
			const route = router.match({host, port: undefined, text: host}, target);
			t.is(route?.backend, backend);
		}
	}
	t.deepEqual(router.routes, [{match: '/', backend}]);
});

test('the table cannot be changed', t => {
	const router = routeAll(backend);
	t.true(Object.isFrozen(router));
	t.true(Object.isFrozen(router.routes));
	t.true(router.routes.every(route => Object.isFrozen(route)));
});
