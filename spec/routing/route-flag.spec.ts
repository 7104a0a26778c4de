import test from 'ava';
import {UserError} from '../../lib/errors.js';
import {parseRouteFlag} from '../../lib/routing/route-flag.js';

const read: ReadonlyArray<readonly [text: string, match: string, backend: string]> = [
	['api.localhost=4000', 'api.localhost', '4000'],
	['/api=4001', '/api', '4001'],
	['/ = localhost:4001', '/', 'localhost:4001'],
	['app.test/admin=unix:/run/x.sock', 'app.test/admin', 'unix:/run/x.sock'],
	['/admin=unix:/run/a=b.sock', '/admin', 'unix:/run/a=b.sock'],
	['/api=http://localhost:3000/a=b', '/api', 'http://localhost:3000/a=b'],
	['/a=b=4000', '/a=b', '4000'],
	['/a=b=c=localhost:1', '/a=b=c', 'localhost:1'],
	['^/x\\?(a=.*)=4000', '^/x\\?(a=.*)', '4000'],
	['[::1]/x=[::1]:4000', '[::1]/x', '[::1]:4000'],
];

for (const [text, match, backend] of read) {
	test(`--route ${text}`, t => {
		t.deepEqual(parseRouteFlag(text), {match, backend});
	});
}

for (const [text, why] of [
	['', /expected match=backend/],
	['4000', /expected match=backend/],
	['=4000', /expected a path or a host/],
	['/api=', /expected a backend/],
	['/api=80800', /port from 1 to 65535, got "80800"/],
	['api.localhost:80=4000', /every port/],
	['/api=https://localhost:1', /plaintext/],
] as const) {
	test(`--route ${text} is refused`, t => {
		const error = t.throws(() => parseRouteFlag(text), {instanceOf: UserError});
		t.is(error?.code, 'option-invalid');
		t.regex(error?.message ?? '', why);
		t.true(error?.message.startsWith('--route: '), error?.message);
		t.truthy(error?.hint);
	});
}
