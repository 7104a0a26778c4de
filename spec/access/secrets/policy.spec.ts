import test from 'ava';
import {Attempts} from '../../../lib/access/secrets/attempts.js';
import {type Known, secretsPolicy} from '../../../lib/access/secrets/policy.js';
import {valuesOf} from '../../../lib/forward/headers.js';
import {type Asking, applicant} from '../../helpers/applicant.js';

const made = {text: 'made-here-of-256-bits', made: true};
const given = {text: 'given-by-a-person', made: false};
const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

function start(known: Partial<Known>) {
	const policy = secretsPolicy({token: undefined, users: [], ...known}, new Attempts(() => 0));
	const ask = (asking: Asking = {}) => policy.admit(applicant(asking));
	return {
		policy,
		ask,
		bearer: (text: string, more: Asking = {}) =>
			ask({...more, fields: {authorization: `Bearer ${text}`}}),
		auth: (text: string, more: Asking = {}) => ask({...more, fields: {authorization: basic(text)}}),
		cookie(): string {
			const headers = ask({target: `/?sealport-token=${known.token?.text}`})?.answer?.headers ?? [];
			return valuesOf(headers, 'set-cookie')[0]?.split(';')[0] ?? '';
		},
	};
}

test('the link gives the cookie, and leads to the address without the token', t => {
	const {ask} = start({token: made});
	for (const method of ['GET', 'HEAD']) {
		const refusal = ask({method, target: `/a?b=%20&sealport-token=${made.text}&c`});
		t.is(refusal?.policy, undefined);
		t.is(refusal?.answer?.status, 303);
		const headers = refusal?.answer?.headers ?? [];
		t.deepEqual(valuesOf(headers, 'location'), ['/a?b=%20&c']);
		t.deepEqual(valuesOf(headers, 'cache-control'), ['no-store']);
		t.deepEqual(valuesOf(headers, 'referrer-policy'), ['no-referrer']);
		t.regex(
			valuesOf(headers, 'set-cookie').join(),
			/^__Host-sealport-62893=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict$/,
		);
		t.false(JSON.stringify(refusal?.answer).includes(made.text));
	}
});

for (const [target, location] of [
	['//evil.test/x', 'https://localhost:62893//evil.test/x'],
	['/\\evil.test/x', 'https://localhost:62893/\\evil.test/x'],
	['/.//evil.test', '/.//evil.test'],
	['/\xfcmlaut', '/%FCmlaut'],
]) {
	test(`the link to ${target} does not lead to another host`, t => {
		const answer = start({token: made}).ask({
			target: `${target}?sealport-token=${made.text}`,
		})?.answer;
		t.deepEqual(valuesOf(answer?.headers ?? [], 'location'), [location]);
		t.is(new URL(location ?? '', 'https://localhost:62893/').host, 'localhost:62893');
	});
}

test('whom another site has led here goes on from a page of our own', t => {
	const answer = start({token: made}).ask({
		target: `/a?"><script>&sealport-token=${made.text}`,
		fields: {'sec-fetch-site': 'cross-site'},
	})?.answer;
	t.is(answer?.status, 200);
	t.is(valuesOf(answer?.headers ?? [], 'set-cookie').length, 1);
	t.is(valuesOf(answer?.headers ?? [], 'location').length, 0);
	const html = String(answer?.body);
	t.true(html.includes('content="0;url=/a?&quot;&gt;&lt;script&gt;"'));
	t.false(html.includes('<script'));
	t.false(html.includes(made.text));
	t.regex(valuesOf(answer?.headers ?? [], 'content-security-policy').join(), /default-src 'none'/);
});

test('the cookie lets in, for its own port, and not after the token has changed', t => {
	const {ask, cookie} = start({token: made});
	const fields = {cookie: ['a=1', `b=2; ${cookie()}; c=3`]};
	t.is(ask({fields}), undefined);
	t.is(ask({method: 'POST', fields}), undefined);
	t.is(ask({host: 'localhost:443', fields})?.code, 'credentials-missing');
	t.is(start({token: given}).ask({fields})?.code, 'credentials-missing');
	const [name] = cookie().split('=');
	t.is(ask({fields: {cookie: `${name}=${made.text}`}})?.code, 'credentials-missing');
});

test('with the cookie, a link is followed whatever it carries, and not sent on', t => {
	const {ask, cookie} = start({token: made});
	const fields = {cookie: cookie()};
	const answer = ask({target: '/x?sealport-token=old', fields})?.answer;
	t.deepEqual(valuesOf(answer?.headers ?? [], 'location'), ['/x']);
	t.deepEqual(valuesOf(answer?.headers ?? [], 'set-cookie'), []);
	for (const method of ['POST', 'OPTIONS', 'get']) {
		const refusal = ask({method, target: `/x?sealport-token=${made.text}`, fields});
		t.is(refusal?.policy, 'token');
		t.is(refusal?.answer, undefined);
	}
});

test('either of token and password suffices', t => {
	const {bearer, auth, ask} = start({token: given, users: ['alice:one', 'bob:two']});
	t.is(bearer(given.text), undefined);
	t.is(ask({fields: {authorization: `bEARER  ${given.text} `}}), undefined);
	t.is(auth('alice:one'), undefined);
	t.is(auth('bob:two'), undefined);
	for (const [text, policy] of [
		['alice:two', 'auth'],
		['alice', 'auth'],
		['', 'auth'],
	] as const) {
		t.is(auth(text)?.policy, policy);
	}
	t.is(bearer('')?.policy, 'token');
	t.is(bearer(`${given.text}x`)?.policy, 'token');
});

test('two Authorization fields are refused, and that is told', t => {
	const {ask} = start({token: given, users: ['alice:one']});
	const right = `Bearer ${given.text}`;
	t.is(
		ask({fields: {authorization: [right, right]}})?.message,
		'the request has more than one Authorization field',
	);
});

for (const [what, known, challenges] of [
	['a token', {token: made}, ['Bearer realm="Sealport"']],
	['a password', {users: ['a:b']}, ['Basic realm="Sealport", charset="UTF-8"']],
	[
		'either',
		{token: made, users: ['a:b']},
		['Bearer realm="Sealport"', 'Basic realm="Sealport", charset="UTF-8"'],
	],
] as const) {
	test(`whoever has nothing is told to give ${what}`, t => {
		const {ask} = start(known);
		for (const authorization of ['', 'Digest x', 'Bearer', 'Negotiate abc']) {
			const refusal = ask(authorization === '' ? {} : {fields: {authorization}});
			t.is(refusal?.code, 'credentials-missing');
			const said = valuesOf(refusal?.fields ?? [], 'www-authenticate');
			t.deepEqual(
				said.map(each => each.replace(', error="invalid_token"', '')),
				challenges,
			);
			t.truthy(refusal?.hint);
		}
	});
}

test('of a thousand wrong passwords ten are compared, and then not even the right one is', t => {
	const {auth, cookie, ask} = start({token: made, users: ['alice:right']});
	const codes = Array.from({length: 1000}, (_, index) => auth(`alice:${index}`)?.code);
	t.is(codes.filter(code => code === 'credentials-missing').length, 10);
	t.is(codes.filter(code => code === 'too-many-tries').length, 990);
	const refusal = auth('alice:right', {address: '::1'});
	t.is(refusal?.code, 'too-many-tries');
	t.is(refusal?.policy, 'auth');
	t.deepEqual(valuesOf(refusal?.fields ?? [], 'retry-after'), ['1']);
	t.is(auth('alice:right', {address: '10.0.0.1'}), undefined, 'from elsewhere it is');
	t.is(ask({fields: {cookie: cookie()}}), undefined, 'the cookie is no guess');
});

test('a token that a person chose is slowed down: as Bearer, as link, and never as cookie', t => {
	const {bearer, ask, cookie} = start({token: given});
	const right = cookie();
	const [name] = right.split('=');
	for (let index = 0; index < 100; index++) {
		t.is(ask({fields: {cookie: `${name}=${index}`}})?.code, 'credentials-missing');
		t.is(ask()?.code, 'credentials-missing');
	}
	for (let index = 0; index < 5; index++) {
		t.is(bearer(`${index}`)?.code, 'credentials-missing');
		t.is(ask({target: `/?sealport-token=${index}`})?.code, 'credentials-missing');
	}
	t.is(bearer(given.text)?.code, 'too-many-tries');
	t.is(ask({target: `/?sealport-token=${given.text}`})?.code, 'too-many-tries');
	t.is(ask({fields: {cookie: right}}), undefined);
});

test('a token that was made is compared at any time, and wrong ones shut out nobody', t => {
	const {bearer, auth} = start({token: made, users: ['alice:right']});
	for (let index = 0; index < 1000; index++) {
		t.is(bearer(`${index}`)?.code, 'credentials-missing');
	}
	t.is(auth('alice:right'), undefined);
	for (let index = 0; index < 10; index++) {
		auth('alice:wrong');
	}
	t.is(auth('alice:right')?.code, 'too-many-tries');
	t.is(bearer(made.text), undefined);
});

test('backends see neither cookie nor credentials of ours, and all else', t => {
	const {policy, cookie} = start({token: made, users: ['alice:right']});
	const edit = (name: string, value: string) => policy.edit?.(name, value);
	t.is(edit('authorization', `Bearer ${made.text}`), undefined);
	t.is(edit('authorization', basic('alice:right')), undefined);
	for (const foreign of ['Bearer of-the-app', basic('alice:other'), 'Digest x', '']) {
		t.is(edit('authorization', foreign), foreign);
	}
	t.is(edit('cookie', `a=1; ${cookie()}`), 'a=1');
	t.is(edit('cookie', cookie()), undefined);
	t.is(
		edit('referer', `https://localhost/?a=1&sealport-token=${made.text}`),
		'https://localhost/?a=1',
	);
	t.is(edit('referer', `https://localhost/?next=%2F%3Fsealport-token%3D${made.text}`), undefined);
	t.is(edit('x-other', made.text), made.text);
});

test('logs see no token, wherever a target has it', t => {
	const {policy} = start({token: made});
	t.is(policy.redact?.(`/?sealport-token=${made.text}`), '/?sealport-token=***');
	t.is(policy.redact?.('/?sealport%2dtoken=wrong&a'), '/?sealport%2dtoken=***&a');
	t.is(policy.redact?.(`/${made.text}?x=${made.text}`), '/***?x=***');
	t.is(
		policy.redact?.(`/a?b=%${made.text.charCodeAt(0).toString(16)}${made.text.slice(1)}`),
		'***',
	);
	t.is(policy.redact?.('/a?b=c%20'), '/a?b=c%20');
});
