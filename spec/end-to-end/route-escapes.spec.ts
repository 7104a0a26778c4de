import {readResponses, valuesIn} from '../helpers/read-messages.js';
import {startNamed} from '../helpers/routed.js';
import {startTunnel} from '../helpers/tunnel.js';
import {openClient, test} from '../helpers/versions.js';

const tables = {
	nested: {'/': 'root', '/api': 'api', '/admin': 'admin', '/api/v1': 'v1'},
	alone: {'/api': 'api'},
	hosts: {'/': 'root', 'api.localhost': 'api', 'app.localhost/admin': 'admin'},
} as const;

type Outcome = 'root' | 'api' | 'admin' | 'v1' | 400 | 404;

/** A path with what becomes of it where `/api/v1`, `/api`, `/admin` and `/` have a route each, and `/api` alone. */
const escapes: ReadonlyArray<readonly [path: string, nested: Outcome, alone: Outcome]> = [
	['/api', 'api', 'api'],
	['/api/', 'api', 'api'],
	['/api/x', 'api', 'api'],
	['/api?x', 'api', 'api'],
	['/api/?/../admin', 'api', 'api'],
	['/apix', 'root', 404],
	['/API/x', 'root', 404],
	['/%61pi/x', 'api', 'api'],
	['/%61%70%69', 'api', 'api'],
	['/a%50i/x', 'root', 404],
	['/api%20/x', 'root', 404],
	['/api./x', 'root', 404],
	['/api.../x', 'root', 404],
	['/./api/x', 'api', 'api'],
	['/x/../api/y', 'api', 'api'],
	['/x/%2e%2e/api/y', 'api', 'api'],
	['/x/%2E%2e/api/y', 'api', 'api'],
	['/x/.%2e/api/y', 'api', 'api'],
	['/../api/x', 'api', 'api'],
	['/../../api/x', 'api', 'api'],
	['/api/../admin', 'admin', 404],
	['/api/%2e%2e/admin', 'admin', 404],
	['/api/%2E%2E/admin', 'admin', 404],
	['/api/.%2e/admin', 'admin', 404],
	['/api/%2e./admin', 'admin', 404],
	['/api/./../admin', 'admin', 404],
	['/api/x/../../admin', 'admin', 404],
	['/api/..', 'root', 404],
	['/api/../', 'root', 404],
	['/api/%2e%2e', 'root', 404],
	['/api/v1/..', 'api', 'api'],
	['/api/v1/../x', 'api', 'api'],
	['/api/v1/../../x', 'root', 404],
	['/api/.../admin', 'api', 'api'],
	['/api/%252e%252e/admin', 'api', 'api'],
	['/api/..%252fadmin', 'api', 'api'],
	['/api%252fx', 'root', 404],
	['/api//x', 'api', 'api'],
	['/api///v1', 'v1', 'api'],
	['/x//api', 'root', 404],
	['//api/x', 'api', 'api'],
	['///api/x', 'api', 'api'],
	['//x/api/y', 400, 400],
	['//evil.test/admin', 400, 404],
	['/api//../admin', 400, 400],
	['/api//../../admin', 'admin', 404],
	['/x//../api', 400, 400],
	['/api%2fx', 400, 400],
	['/api%2Fv1', 400, 400],
	['/api/v1%2fx', 400, 'api'],
	['/api/a%2fb', 'api', 'api'],
	['/x/a%2fb', 'root', 404],
	['/api%2f..%2fadmin', 400, 404],
	['/api/..%2fadmin', 400, 400],
	['/api/..%2Fadmin', 400, 400],
	['/api/%2e%2e%2fadmin', 400, 400],
	['/admin/..%2fapi', 400, 400],
	['/x%2f..%2fapi', 400, 400],
	['/api/x%2f..%2f..%2f..%2fadmin', 400, 400],
	['/api\\x', 400, 400],
	['/\\api/x', 400, 400],
	['/api/..\\admin', 400, 400],
	['/api\\..\\admin', 400, 404],
	['/api/..%5cadmin', 400, 400],
	['/api%5c..%5cadmin', 400, 404],
	['/api/%5c../admin', 400, 400],
	['/api;x/y', 400, 400],
	['/api;/y', 400, 400],
	['/api%3bx/y', 400, 400],
	['/api/x;y=1', 'api', 'api'],
	['/api/..;/admin', 400, 400],
	['/api/..;x=y/admin', 400, 400],
	['/api/..%3b/admin', 400, 400],
	['/x/..;/api', 400, 400],
	['/;/api', 400, 400],
	['/api%00', 400, 400],
	['/api%00/x', 400, 400],
	['/api/%00/../../admin', 400, 400],
	['/admin%00/../api', 400, 400],
	['/api/x%00y', 'api', 'api'],
	['/api%c0%afx', 400, 400],
	['/api/%c0%ae%c0%ae/admin', 400, 400],
	['/api/..%c0%afadmin', 400, 400],
	['/api/..%c1%9cadmin', 400, 400],
	['/api/..%e0%80%afadmin', 400, 400],
	['/api/..%f0%80%80%afadmin', 400, 400],
	['/%c1%a1pi', 400, 400],
	['/api/%', 'api', 'api'],
	['/api/%zz', 'api', 'api'],
	['/api/%2', 'api', 'api'],
	['/%2', 'root', 404],
	['/api/"<>^`{|}', 'api', 'api'],
];

for (const [name, column] of [
	['nested', 1],
	['alone', 2],
] as const) {
	test(`no spelling of a path gets past a route: ${name}`, async t => {
		t.timeout(180_000);
		const ports = await startNamed(t, 'root', 'api', 'admin', 'v1');
		const routes = Object.fromEntries(
			Object.entries(tables[name]).map(([match, backend]) => [match, ports[backend]]),
		);
		const tunnel = await startTunnel(t, 1, {routes});
		for (const row of escapes) {
			const [path] = row;
			t.is(await outcomeOf(path), row[column], path);
		}

		async function outcomeOf(path: string): Promise<Outcome> {
			const client = await openClient(t, tunnel);
			client.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
			const received = await client.closed();
			const [answer] = readResponses(received, [], true).messages;
			const [backend] = valuesIn(answer?.fields ?? [], 'backend');
			if (backend !== undefined) {
				t.true(received.includes(`${backend} ${path}`), `${path} came as ${received}`);
			}
			return (backend ?? Number(answer?.start.slice(9, 12))) as Outcome;
		}
	});
}

test('a host is the same however it is written', async t => {
	const ports = await startNamed(t, 'root', 'api', 'admin');
	const routes = Object.fromEntries(
		Object.entries(tables.hosts).map(([match, backend]) => [match, ports[backend]]),
	);
	const tunnel = await startTunnel(t, 1, {routes});
	for (const [host, path, expected] of [
		['api.localhost', '/x', 'api'],
		['API.LocalHost', '/x', 'api'],
		['api.localhost.', '/x', 'api'],
		['api.localhost:1', '/x', 'api'],
		['api.localhost.:443', '/admin', 'api'],
		['app.localhost', '/admin', 'admin'],
		['APP.localhost.:65535', '/%61dmin', 'admin'],
		['app.localhost', '/x', 'root'],
		['x.api.localhost', '/x', 'root'],
		['localhost', '/admin', 'root'],
		['xapi.localhost', '/x', 'root'],
		['[::1]', '/x', 'root'],
	] as const) {
		const client = await openClient(t, tunnel);
		client.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
		t.true((await client.closed()).includes(`${expected} ${path}`), `${host}${path}`);
	}
});
