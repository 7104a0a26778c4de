import test from 'ava';
import fc from 'fast-check';
import {parseBackend} from '../../lib/backend/address.js';
import {ProxyError} from '../../lib/errors.js';
import {parseMatch} from '../../lib/routing/match.js';
import {compileRoutes} from '../../lib/routing/table.js';
import {type ModelRoute, matchByModel} from './model.js';

const backend = parseBackend(3000);

const texts = [
	...['/', '/a', '/b', '/a/b', '/a/b/a', '/b/a', '/admin', '/admin/a', '/..a'],
	...['a.test', 'a.test/a', 'a.test/a/b', 'a.test/admin', 'b.a.test/b'],
	...['*.test', '*.test/a', '*.test/b/a', '*.a.test', '*.a.test/admin'],
];

const hosts = ['a.test', 'b.a.test', 'c.b.a.test', 'test', 'xtest', 'b.test', 'localhost'];

const pieces = [
	...[
		'/',
		'/',
		'/',
		'/a',
		'/b',
		'/admin',
		'a',
		'b',
		'admin',
		'.',
		'..',
		'/..',
		'/../',
		'/./',
		'//',
	],
	...['%2e', '%2E', '%2f', '%2F', '%5c', '\\', ';', '%3b', '%00', '%c0%af', '%C0%AE', '%61', '%41'],
	...[
		'%25',
		'%252e',
		'%252f',
		'%',
		'%2',
		'~',
		'%7e',
		'%20',
		'\xe9',
		'%e9',
		'A',
		'=',
		'%40',
		';a=1',
	],
];

const route = fc.constantFrom(...texts).map((text): ModelRoute => {
	const slash = `${text}/`.indexOf('/');
	return {
		text,
		host: text.slice(0, slash),
		segments: text.slice(slash).split('/').filter(Boolean),
	};
});

const table = fc.uniqueArray(route, {selector: ({text}) => text, minLength: 1, maxLength: 8});
const path = fc
	.array(fc.constantFrom(...pieces), {maxLength: 9})
	.map(parts => `/${parts.join('')}`);

test('a request takes the route that every server would say it is for, or none', t => {
	t.timeout(120_000);
	fc.assert(
		fc.property(table, fc.constantFrom(...hosts), path, (routes, host, target) => {
			const router = compileRoutes(
				routes.map(({text}) => ({
					match: parseMatch(text),
					backend,
					stripPrefix: false,
					rewrite: undefined,
					proxy: undefined,
				})),
			);
			const match = () => {
				try {
					return router.match({host, port: undefined, text: host}, `${target}?/../a`)?.match;
				} catch (error) {
					return error instanceof ProxyError && error.code === 'request-malformed'
						? 'refused'
						: error;
				}
			};
			const expected = matchByModel(routes, host, target);
			const found = match();
			return found === expected || `${found} instead of ${expected}` === '';
		}),
		{numRuns: 3000, interruptAfterTimeLimit: 60_000, markInterruptAsFailure: true},
	);
	t.pass();
});
