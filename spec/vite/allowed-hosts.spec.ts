import test from 'ava';
import {allowedHosts} from '../../lib/vite/allowed-hosts.js';

test('names and the hosts of routes are allowed, as Vite writes them', t => {
	t.deepEqual(allowedHosts({}), []);
	t.deepEqual(allowedHosts({names: ['App.test', 'api.localhost']}), ['app.test', 'api.localhost']);
	const routes = {'/api': 1, 'api.test/v1': 2, '*.app.test': 3, '^/x.y/\\d': 4};
	t.deepEqual(allowedHosts({names: ['api.test'], routes}), ['api.test', '.app.test']);
	t.deepEqual(allowedHosts({routes: [{match: ['a.test/x', '/y'], backend: 1}, {backend: 2}]}), [
		'a.test',
	]);
});

test('where containers may come, what they call this machine is allowed', t => {
	const guests = ['host.docker.internal', 'host.containers.internal'];
	t.deepEqual(allowedHosts({expose: 'anyone'}), guests);
	t.deepEqual(allowedHosts({expose: true, names: ['a.test']}), ['a.test', ...guests]);
	t.deepEqual(allowedHosts({expose: false}), []);
});
