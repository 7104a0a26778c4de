import test from 'ava';
import {parseBackend} from '../../lib/backend/address.js';
import {parseRoutes} from '../../lib/config/routes.js';
import {compileRoutes} from '../../lib/routing/table.js';

const backend = parseBackend(3000, 'backend');

test('every request goes to the one backend', t => {
	const router = compileRoutes(parseRoutes(3000));
	for (const host of ['localhost', 'app.localhost', '::1', 'a.test']) {
		for (const target of ['/', '/deep/path?and=query', '*']) {
			const route = router.match({host, port: undefined, text: host}, target);
			t.deepEqual(route?.backend, backend);
		}
	}
	t.deepEqual(
		router.routes.map(({match}) => match),
		['/'],
	);
});

test('the table cannot be changed', t => {
	const router = compileRoutes(parseRoutes(3000));
	t.true(Object.isFrozen(router));
	t.true(Object.isFrozen(router.routes));
	t.true(router.routes.every(route => Object.isFrozen(route)));
});
