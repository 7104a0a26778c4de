import test from 'ava';
import {servedNames} from '../../../lib/access/names.js';
import {sameSitePolicy} from '../../../lib/access/same-site/same-site.js';
import {type Asking, applicant} from '../../helpers/applicant.js';

const policy = sameSitePolicy(servedNames(['app.test']).isAskedFor);

/** Asks about a request for https://localhost:62893 with these fields: `origin: null, sec-fetch-site: none`. */
function ask(text: string, asking: Asking = {}) {
	const fields = text.split(', ').flatMap(field => {
		const [, name, value] = /^([\w-]+): (.*)$/.exec(field) ?? [];
		return name === undefined || value === undefined ? [] : [[name, value] as const];
	});
	return policy.admit(applicant({...asking, fields}));
}

const own = 'https://localhost:62893';
const sibling = 'https://app.localhost:62893';
const foreign = 'https://evil.test';

for (const fields of [
	'',
	'accept: */*',
	'sec-fetch-mode: cors',
	'sec-fetch-site: same-origin',
	'sec-fetch-site: none',
	`origin: ${own}`,
	`origin: ${own}, sec-fetch-site: same-origin`,
	`origin: ${own}, sec-fetch-site: none`,
	`origin: ${sibling}`,
	`origin: ${sibling}, sec-fetch-site: same-site`,
	`origin: ${sibling}, sec-fetch-site: cross-site`,
	'origin: https://app.test:62893, sec-fetch-site: cross-site',
	'origin: null, sec-fetch-site: same-origin',
	`referer: ${own}/a?b`,
	`referer: ${sibling}/`,
	`referer: ${sibling}/, sec-fetch-site: cross-site`,
	`referer: ${sibling}/, sec-fetch-site: same-site`,
	`referer: ${own}/, sec-fetch-site: none`,
]) {
	test(`admits ${fields || 'what programs send'}`, t => {
		t.is(ask(fields), undefined);
		t.is(ask(fields, {method: 'POST'}), undefined);
	});
}

for (const fields of [
	'sec-fetch-site: cross-site',
	'sec-fetch-site: same-site',
	'sec-fetch-site: Same-Origin',
	'sec-fetch-site: same-origin;a',
	'sec-fetch-site: constructor',
	'sec-fetch-site: ',
	'sec-fetch-site: same-origin, sec-fetch-site: same-origin',
	`origin: ${foreign}`,
	`origin: ${foreign}, sec-fetch-site: same-origin`,
	`origin: ${foreign}, sec-fetch-site: none`,
	`origin: ${foreign}, referer: ${own}/`,
	'origin: https://localhost:9999, sec-fetch-site: same-site',
	'origin: http://localhost:3000, sec-fetch-site: cross-site',
	`origin: ${own}, sec-fetch-site: cross-site`,
	`origin: ${own}, sec-fetch-site: same-site`,
	`origin: ${sibling}, sec-fetch-site: same-origin`,
	`origin: ${own}, origin: ${own}`,
	`origin: ${own}, origin: ${foreign}`,
	'origin: ',
	'origin: null',
	'origin: null, sec-fetch-site: none',
	'origin: null, sec-fetch-site: same-site',
	'origin: null, sec-fetch-site: cross-site',
	`origin: null, sec-fetch-site: cross-site, referer: ${sibling}/`,
	`referer: ${foreign}/`,
	`referer: ${foreign}/, sec-fetch-site: none`,
	`referer: ${foreign}/, sec-fetch-site: same-site`,
	`referer: ${own}/, sec-fetch-site: cross-site`,
	`referer: ${own}/, sec-fetch-site: same-site`,
	`referer: ${own}/, referer: ${own}/`,
	`referer: ${foreign}/${own}`,
	`referer: https://evil.test?${own}/`,
	'referer: about:blank',
	'referer: ',
]) {
	test(`refuses ${fields}`, t => {
		const refusal = ask(fields);
		t.is(refusal?.code, 'access-denied');
		t.is(refusal?.policy, 'same-site');
		t.is(refusal?.answer, undefined);
		t.is(ask(fields, {method: 'POST'})?.code, 'access-denied');
	});
}

const arrival = 'sec-fetch-mode: navigate, sec-fetch-dest: document';

test('a link from another site gets a page of ours, and counts as a refusal', t => {
	const refusal = ask(`sec-fetch-site: cross-site, ${arrival}, referer: ${foreign}/a`);
	t.is(refusal?.policy, 'same-site');
	t.is(refusal?.answer?.status, 403);
	const text = String(refusal?.answer?.body);
	t.true(text.includes('You come from <strong>https://evil.test</strong>.'), text);
	t.true(text.includes('href=""'));
});

for (const method of ['POST', 'HEAD']) {
	test(`${method} from another site gets a page without a link`, t => {
		const fields = `origin: ${foreign}, sec-fetch-site: cross-site, ${arrival}`;
		const refusal = ask(fields, {method});
		t.is(refusal?.policy, 'same-site');
		const text = String(refusal?.answer?.body);
		t.true(text.includes('You come from <strong>https://evil.test</strong>.'), text);
		t.false(/href|<script/.test(text));
	});
}

test('our own page is not who has sent somebody by way of another site', t => {
	for (const field of [`referer: ${own}/`, 'origin: null', 'accept: */*']) {
		const refusal = ask(`sec-fetch-site: cross-site, ${arrival}, ${field}`);
		t.true(String(refusal?.answer?.body).includes('You come from another site.'), field);
	}
});

test('what that page says of the other site cannot become part of the page', t => {
	const referer = `https://<script>alert(1)</script>"'&\x1b.test/`;
	const refusal = ask(`sec-fetch-site: cross-site, ${arrival}, referer: ${referer}`);
	const text = String(refusal?.answer?.body);
	t.false(text.includes('<script>alert'));
	t.true(text.includes('&lt;script&gt;alert(1)&lt;'), text);
	t.false(text.includes('\x1b'));
});

test('that page cannot be framed, kept or read for another type, and asks nobody else', t => {
	const {headers = []} =
		ask(`sec-fetch-site: cross-site, ${arrival}`, {target: '//evil.test/'})?.answer ?? {};
	const field = (name: string) => headers[headers.indexOf(name) + 1];
	t.is(field('X-Frame-Options'), 'DENY');
	t.regex(field('Content-Security-Policy') ?? '', /default-src 'none'.*frame-ancestors 'none'/);
	t.is(field('Cache-Control'), 'no-store');
	t.is(field('X-Content-Type-Options'), 'nosniff');
	t.is(field('Referrer-Policy'), 'no-referrer');
	t.is(field('sealport-error'), 'access-denied');
	t.false(headers.some(name => /^access-control|^location|^refresh/i.test(name)));
});

for (const [what, fields, method] of [
	['a frame', 'sec-fetch-mode: navigate, sec-fetch-dest: iframe', 'GET'],
	['an object', 'sec-fetch-mode: navigate, sec-fetch-dest: object', 'GET'],
	['a fetch', 'sec-fetch-mode: no-cors, sec-fetch-dest: empty', 'GET'],
	['what says so twice', `${arrival}, sec-fetch-dest: iframe`, 'GET'],
] as const) {
	test(`${what} from another site does not get it`, t => {
		const refusal = ask(`sec-fetch-site: cross-site, ${fields}`, {method});
		t.is(refusal?.code, 'access-denied');
		t.is(refusal?.answer, undefined);
	});
}

test('what is said of a refusal shows whose page it was, and nothing that a terminal would obey', t => {
	const refusal = ask('origin: https://evil\x1b[2J.test');
	t.is(
		refusal?.message,
		'a page of "https://evil\\x1b[2J.test" has sent it, which is not served here',
	);
});
