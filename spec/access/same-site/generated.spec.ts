import test from 'ava';
import fc from 'fast-check';
import {servedNames} from '../../../lib/access/names.js';
import {sameSitePolicy} from '../../../lib/access/same-site/same-site.js';
import {applicant} from '../../helpers/applicant.js';

const policy = sameSitePolicy(servedNames(['app.test']).isAskedFor);

const own = 'https://localhost:62893';
const sibling = 'https://app.localhost:62893';
const foreign = 'https://evil.test';

const site = fc.constantFrom('same-origin', 'same-site', 'cross-site', 'none', 'odd', '');
const origin = fc.oneof(
	fc.constantFrom(own, sibling, foreign, 'null', '', 'http://localhost:62893'),
	fc.webUrl({validSchemes: ['http', 'https']}),
	fc.string(),
);
const some = <T>(values: fc.Arbitrary<T>) => fc.array(values, {maxLength: 2});

/** Requests with any of the fields, each up to twice, in no particular order. */
const requests = fc
	.tuple(some(origin), some(site), some(origin))
	.map(([origins, sites, referers]) => [
		...origins.map(value => ['origin', value] as const),
		...sites.map(value => ['sec-fetch-site', value] as const),
		...referers.map(value => ['referer', value] as const),
	]);

const admits = (fields: ReadonlyArray<readonly [string, string]>) =>
	policy.admit(applicant({fields})) === undefined;

test('whatever is said, a page of elsewhere that names its origin is refused', t => {
	const elsewhere = origin.filter(
		each => ![own, sibling, 'null', 'https://app.test:62893'].includes(each),
	);
	fc.assert(
		fc.property(requests, elsewhere, (fields, each) => !admits([...fields, ['origin', each]])),
	);
	t.pass();
});

test('no further field lets in what was refused with an Origin, a Referer or a Sec-Fetch-Site of its own', t => {
	const further = fc.constantFrom(
		...['origin', 'referer', 'sec-fetch-site'].flatMap(name =>
			[own, sibling, 'null', 'same-origin', 'none'].map(value => [name, value] as const),
		),
	);
	fc.assert(
		fc.property(requests, further, (fields, field) => {
			const isThere = fields.some(([name]) => name === field[0]);
			return !isThere || admits(fields) || !admits([...fields, field]);
		}),
	);
	t.pass();
});

test('what a browser calls neither its own nor asked for by a person needs a page that is served here', t => {
	const others = fc.constantFrom('same-site', 'cross-site');
	fc.assert(
		fc.property(some(origin), some(origin), others, (origins, referers, value) => {
			const [page = ''] = [...origins, ...referers];
			const isSibling = page.startsWith(sibling) || page.startsWith('https://app.test:62893');
			const fields = [
				...origins.map(each => ['origin', each] as const),
				...referers.map(each => ['referer', each] as const),
				['sec-fetch-site', value] as const,
			];
			return isSibling || !admits(fields);
		}),
	);
	t.pass();
});
