import test from 'ava';
import {openRawHttp2} from '../helpers/http2/client.js';
import {expectAlive, expectStreamError} from '../helpers/http2/expect.js';
import {type Fields, get, post, request} from '../helpers/http2/fields.js';
import {frame} from '../helpers/http2/frames.js';
import {malformed, proper} from '../helpers/http2/malformed.js';
import {http2Stage} from '../helpers/http2/stage.js';

const stage = http2Stage();

const without = (name: string) => (path: string) => get(path).filter(([each]) => each !== name);
const twice = (name: string) => (path: string) =>
	get(path).flatMap(field => (field[0] === name ? [field, field] : [field]));
const having = (name: string, value: string) => (path: string) =>
	get(path).map(([each, before]): [string, string] => [each, each === name ? value : before]);
const connect = (...fields: Fields): Fields => [[':method', 'CONNECT'], ...fields];

malformed(stage, [
	...[':method', ':scheme', ':path'].map(
		name => [`8.3.1: a request without ${name}`, without(name)] as const,
	),
	...[':method', ':scheme', ':path', ':authority'].map(
		name => [`8.3: ${name} twice`, twice(name)] as const,
	),
	['8.3: :path twice, with another value', path => get(path, [':path', '/other'])],
	['8.3: no field at all', () => []],
	['8.3: no pseudo-header at all', path => [['x-path', path]]],
	['8.3: :path behind a field', path => [...without(':path')(path), ['x', '1'], [':path', path]]],
	[
		'8.3: :method behind a field',
		path => [...without(':method')(path), ['x', '1'], [':method', 'GET']],
	],
	[
		'8.3: :authority behind a field',
		path => [...without(':authority')(path), ['x', '1'], [':authority', 'localhost']],
	],
	[
		'8.3: the same :scheme again behind a field',
		path => get(path, ['x', '1'], [':scheme', 'https']),
	],
	['8.3: an unknown pseudo-header', path => [[':unknown', '1'], ...get(path)]],
	['8.3: an unknown pseudo-header behind all', path => get(path, [':unknown', '1'])],
	['8.3: a pseudo-header without a name', path => [[':', '1'], ...get(path)]],
	[
		'8.3: a pseudo-header with a space before its name',
		path => [[' :method', 'GET'], ...get(path)],
	],
	['8.3: a pseudo-header in capitals', path => [[':METHOD', 'GET'], ...without(':method')(path)]],
	['8.3.2: :status in a request', path => [[':status', '200'], ...get(path)]],
	['8.3.1: an empty :method', having(':method', '')],
	['8.3.1: a :method that is no token', having(':method', 'GE T')],
	['8.3.1: a :method with an empty line in it', having(':method', 'GET / HTTP/1.1\r\n\r\n')],
	['8.3.1: an empty :scheme', having(':scheme', '')],
	['8.3.1: an empty :path', having(':path', '')],
	['8.3.1: a :path that does not begin with a slash', having(':path', 'page')],
	['8.3.1: a :path that is a whole address', having(':path', 'https://localhost/')],
	['8.3.1: a :path of * for GET', having(':path', '*')],
	['8.3.1: a :path with a space', path => having(':path', `${path} HTTP/1.1`)(path)],
	['8.3.1: a :path with a tab', path => having(':path', `${path}\tx`)(path)],
	['8.3.1: a :path with a fragment', path => having(':path', `${path}#fragment`)(path)],
	['8.3.1: an :authority with a user', having(':authority', 'user@localhost')],
	['8.3.1: an :authority with a user and a password', having(':authority', 'user:word@localhost')],
	['RFC 8441, 4: :protocol with GET', path => [...get(path), [':protocol', 'websocket']]],
	['8.5: CONNECT with :path', path => connect([':authority', 'localhost:1'], [':path', path])],
	['8.5: CONNECT with :scheme', () => connect([':authority', 'localhost:1'], [':scheme', 'https'])],
	['8.5: CONNECT with all of them', path => request('CONNECT', path)],
	['8.5: CONNECT without :authority', () => connect()],
	[
		'RFC 8441, 4: CONNECT with :protocol and no :path',
		() => connect([':protocol', 'websocket'], [':scheme', 'https'], [':authority', 'localhost']),
	],
	[
		'RFC 8441, 4: CONNECT with :protocol and no :scheme',
		path => connect([':protocol', 'websocket'], [':path', path], [':authority', 'localhost']),
	],
	[
		'RFC 8441, 4: :protocol twice',
		path => [[':protocol', 'websocket'], [':protocol', 'websocket'], ...request('CONNECT', path)],
	],
]);

proper(stage, [
	['8.3.1: pseudo-headers in any order', path => [...get(path)].reverse()],
	['8.3.1: the scheme http', having(':scheme', 'http')],
	['8.3.1: a scheme in capitals', having(':scheme', 'HTTPS')],
	[
		'8.3.1: Host in place of :authority',
		path => [...without(':authority')(path), ['host', 'localhost']],
	],
	['8.3.1: Host that says the same as :authority', path => get(path, ['host', 'localhost'])],
]);

for (const [what, fields] of [
	['a pseudo-header', [[':path', '/other']]],
	['a pseudo-header that nobody knows', [[':unknown', '1']]],
	['a pseudo-header of responses', [[':status', '200']]],
	[
		'a pseudo-header behind others',
		[
			['x-sum', '1'],
			[':path', '/other'],
		],
	],
	['a name in capitals', [['X-Sum', '1']]],
	['a connection-level field', [['connection', 'close']]],
	['a transfer coding', [['transfer-encoding', 'chunked']]],
	['a line feed in a value', [['x-sum', '1\n2']]],
] as ReadonlyArray<readonly [string, Fields]>) {
	test(`8.1: trailers with ${what} make a request malformed, and it never looks complete`, async t => {
		const client = await openRawHttp2(t, stage().tunnel);
		const path = `/held?${encodeURIComponent(what)}`;
		client.send(frame.headers(1, post(path), {endStream: false}), frame.data(1, 'body'));
		const seen = await stage().seen(path);
		client.send(frame.headers(1, fields));
		await expectStreamError(t, client, 1, 'PROTOCOL_ERROR');
		await seen.gone;
		t.false(seen.complete);
	});
}

test('8.3.1: OPTIONS * reaches the backend as it is', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	client.send(frame.headers(1, request('OPTIONS', '*')));
	t.is((await client.response(1)).status, 200);
	t.is((await stage().seen('*')).request.method, 'OPTIONS');
});

test('8.5: CONNECT is refused by a response, and reaches nobody', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	client.send(frame.headers(1, connect([':authority', 'localhost:80']), {endStream: false}));
	const {payload} = await client.next({type: 'HEADERS', stream: 1});
	t.true(payload.length > 0);
	const {status} = await client.response(1);
	t.true(status >= 400 && status < 600, String(status));
	await expectAlive(t, client);
	t.false(stage().hasSeen('localhost:80'));
});

test('8.3.1: :authority with another Host is refused', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	client.send(frame.headers(1, get('/other-host', ['host', 'localhost:1'])));
	t.is((await client.response(1)).status, 400);
	t.false(stage().hasSeen('/other-host'));
});

test('8.3.1: a request without :authority and Host is refused', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	client.send(frame.headers(1, without(':authority')('/no-host')));
	t.is((await client.response(1)).status, 400);
	t.false(stage().hasSeen('/no-host'));
});
