import test from 'ava';
import {Malformed} from '../../../../lib/forward/wire/codec/octets.js';
import {makeField} from '../../../../lib/forward/wire/http2/field.js';
import {readRequest} from '../../../../lib/forward/wire/http2/request.js';
import {type Fields, get, post, request} from '../../../helpers/http2/fields.js';

const read = (fields: Fields) => readRequest(fields.map(([name, value]) => makeField(name, value)));

const refuses = (fields: Fields) => () => read(fields);

/** The fields of a GET, without one of them, or with another value. */
const but = (name: string, value?: string): Fields =>
	get().flatMap(field => {
		if (field[0] !== name) {
			return [field];
		}
		return value === undefined ? [] : [[name, value] as const];
	});

test('a request is what its pseudo-headers say', t => {
	t.deepEqual(read(get('/a?b')), {
		method: 'GET',
		target: '/a?b',
		hosts: ['localhost'],
		protocol: undefined,
		contentLength: undefined,
		lines: '',
		asksForTrailers: false,
		priority: '',
	});
});

test('pseudo-headers may come in any order', t => {
	t.deepEqual(read([...get('/x')].reverse()), read(get('/x')));
});

test('fields become lines, in their order, repeated ones and empty ones too', t => {
	const fields: Fields = [
		['accept', '*/*'],
		['x-b', '1, 2'],
		['x-a', ''],
		['x-b', '3'],
		['trailer', 'x-sum'],
		['x-latin', 'caf\xe9\tau lait'],
		['expect', '100-continue'],
	];
	t.is(
		read(post('/', ...fields)).lines,
		'accept: */*\r\nx-b: 1, 2\r\nx-a: \r\nx-b: 3\r\ntrailer: x-sum\r\nx-latin: caf\xe9\tau lait\r\nexpect: 100-continue\r\n',
	);
});

test('what Sealport says of the client is not taken from the client', t => {
	const fields: Fields = ['for', 'proto', 'host', 'port'].map(
		what => [`x-forwarded-${what}`, 'evil'] as const,
	);
	t.is(read(get('/', ...fields, ['x-forwarded-fort', 'kept'])).lines, 'x-forwarded-fort: kept\r\n');
});

test('crumbs of a cookie are one line at the place of the first', t => {
	t.is(read(get('/', ['cookie', 'a=1'])).lines, 'cookie: a=1\r\n');
	t.is(
		read(
			get(
				'/',
				['x', '1'],
				['cookie', 'a=1'],
				['y', '2'],
				['cookie', 'b=2; c=3'],
				['cookie', 'd=4'],
				['z', '3'],
			),
		).lines,
		'x: 1\r\ncookie: a=1; b=2; c=3; d=4\r\ny: 2\r\nz: 3\r\n',
	);
	t.is(read(get('/', ['cookie', ''], ['cookie', 'a=1'])).lines, 'cookie: ; a=1\r\n');
});

test('TE says whether the client takes trailers, and goes no further', t => {
	for (const value of ['trailers', 'Trailers']) {
		const {asksForTrailers, lines} = read(get('/', ['te', value], ['x', '1']));
		t.deepEqual([asksForTrailers, lines], [true, 'x: 1\r\n']);
	}
});

test('content-length is read and goes on', t => {
	for (const [text, length] of [
		['0', 0],
		['17', 17],
		['0017', 17],
		['9007199254740991', Number.MAX_SAFE_INTEGER],
	] as const) {
		const {contentLength, lines} = read(post('/', ['content-length', text]));
		t.deepEqual([contentLength, lines], [length, `content-length: ${text}\r\n`]);
	}
});

test('priority is read and goes on', t => {
	const {priority, lines} = read(get('/', ['priority', 'u=1'], ['priority', 'i']));
	t.deepEqual([priority, lines], ['u=1, i', 'priority: u=1\r\npriority: i\r\n']);
});

const otherHosts: Record<string, [fields: Fields, hosts: readonly string[]]> = {
	'Host alone': [[...but(':authority'), ['host', 'a.test']], ['a.test']],
	'Host beside the same :authority': [get('/', ['host', 'localhost']), ['localhost']],
	'Host in other letters': [get('/', ['host', 'LOCALHOST']), ['localhost']],
	'another Host': [get('/', ['host', 'evil.test']), ['localhost', 'evil.test']],
	'the same host with another port': [
		get('/', ['host', 'localhost:1']),
		['localhost', 'localhost:1'],
	],
	'Host twice': [
		[...but(':authority'), ['host', 'a.test'], ['host', 'a.test']],
		['a.test', 'a.test'],
	],
	'Host twice beside the same :authority': [
		get('/', ['host', 'localhost'], ['host', 'localhost']),
		['localhost', 'localhost'],
	],
	'an empty Host': [get('/', ['host', '']), ['localhost', '']],
	'an empty :authority': [but(':authority', ''), ['']],
	none: [but(':authority'), []],
};

for (const [what, [fields, hosts]] of Object.entries(otherHosts)) {
	test(`every host that a request is said to be for is told, and no line has it: ${what}`, t => {
		t.like(read(fields), {hosts, lines: ''});
	});
}

test('OPTIONS may be for the server as a whole', t => {
	t.is(read(request('OPTIONS', '*')).target, '*');
	t.throws(refuses(get('*')), {instanceOf: Malformed});
});

test('what was plain HTTP at another proxy is the same resource', t => {
	for (const scheme of ['http', 'HTTPS']) {
		t.is(read(but(':scheme', scheme)).target, '/');
	}
});

test('CONNECT has an :authority and nothing else', t => {
	const method = [':method', 'CONNECT'] as const;
	const authority = [':authority', 'a.test:443'] as const;
	t.like(read([method, authority]), {method: 'CONNECT', target: 'a.test:443', protocol: undefined});
	const refused: readonly Fields[] = [
		[method],
		[method, authority, [':scheme', 'https']],
		[method, authority, [':path', '/']],
		[method, authority, [':scheme', 'https'], [':path', '/']],
	];
	for (const fields of refused) {
		t.throws(refuses(fields), {instanceOf: Malformed});
	}
});

test('CONNECT with a protocol is a request for a path (RFC 8441)', t => {
	const fields: Fields = [...request('CONNECT', '/chat'), [':protocol', 'websocket']];
	t.like(read(fields), {
		method: 'CONNECT',
		target: '/chat',
		protocol: 'websocket',
		hosts: ['localhost'],
	});
	for (const missing of [':scheme', ':path']) {
		t.throws(refuses(fields.filter(([name]) => name !== missing)), {instanceOf: Malformed});
	}
	t.throws(refuses([...get(), [':protocol', 'websocket']]), {instanceOf: Malformed});
	t.throws(refuses([...request('CONNECT', '/'), [':protocol', '']]), {instanceOf: Malformed});
	t.throws(refuses([...request('CONNECT', '/'), [':protocol', 'a b']]), {instanceOf: Malformed});
});

const refused: Record<string, Fields> = {
	nothing: [],
	'no :method': but(':method'),
	'an empty :method': but(':method', ''),
	'a :method with a space': but(':method', 'GET /x'),
	'a :method that would be two lines': but(':method', 'GET\r\nx'),
	'no :scheme': but(':scheme'),
	'an empty :scheme': but(':scheme', ''),
	'another :scheme': but(':scheme', 'ftp'),
	'no :path': but(':path'),
	'an empty :path': but(':path', ''),
	'a :path without a slash': but(':path', 'a'),
	'a :path that is a URL': but(':path', 'https://localhost/'),
	'a :path that is a query': but(':path', '?a'),
	'a :path with a fragment': but(':path', '/a#b'),
	'a :path with a space': but(':path', '/a b'),
	'a :path with a version behind it': but(':path', '/ HTTP/1.1'),
	'a :path with an octet over 127': but(':path', '/caf\xe9'),
	'a :path with DEL': but(':path', '/\x7f'),
	'a user in :authority': but(':authority', 'me@localhost'),
	'a user and a password in :authority': but(':authority', 'me:secret@localhost'),
	':status': [...get(), [':status', '200']],
	'a pseudo-header that nobody knows': [...get(), [':version', '1.1']],
	'a pseudo-header without a name': [...get(), [':', 'x']],
	':method twice': [...get(), [':method', 'GET']],
	':scheme twice': [...get(), [':scheme', 'https']],
	':authority twice': [...get(), [':authority', 'localhost']],
	':path twice': [...get(), [':path', '/']],
	':protocol twice': [
		...request('CONNECT', '/'),
		[':protocol', 'websocket'],
		[':protocol', 'websocket'],
	],
	'a pseudo-header behind a field': [...but(':path'), ['accept', '*/*'], [':path', '/']],
	'a second :path behind a field': [...get(), ['accept', '*/*'], [':path', '/admin']],
	'TE other than trailers': get('/', ['te', 'gzip']),
	'TE with more than trailers': get('/', ['te', 'trailers, gzip']),
	'TE with a weight': get('/', ['te', 'trailers;q=0.5']),
	'an empty TE': get('/', ['te', '']),
};

for (const name of [
	'connection',
	'keep-alive',
	'proxy-connection',
	'transfer-encoding',
	'upgrade',
	'http2-settings',
]) {
	refused[`${name}, which belongs to a connection`] = get('/', [name, 'close']);
}

for (const value of [
	'',
	' 1',
	'+1',
	'-1',
	'1.0',
	'0x1',
	'1e1',
	'1, 1',
	'a',
	'1_0',
	'²',
	'18446744073709551616',
	'9007199254740992',
]) {
	refused[`a content-length of "${value}"`] = post('/', ['content-length', value]);
}
for (const second of ['3', '4']) {
	refused[`content-length 3 and ${second}`] = post(
		'/',
		['content-length', '3'],
		['content-length', second],
	);
}

for (const [what, octet] of [
	['NUL', '\0'],
	['LF', '\n'],
	['CR', '\r'],
	['CR LF', '\r\n'],
	['DEL', '\x7f'],
	['ESC', '\x1b'],
] as const) {
	for (const name of ['x', 'cookie', 'host', 'content-length', ':path', ':authority', ':method']) {
		const value = name === ':path' ? '/' : '1';
		for (const [where, text] of [
			['before', `${octet}${value}`],
			['in', `${value}${octet}${value}`],
			['behind', `${value}${octet}`],
		] as const) {
			refused[`${what} ${where} the value of ${name}`] = name.startsWith(':')
				? but(name, text)
				: get('/', [name, text]);
		}
	}
	refused[`${what} in a name`] = get('/', [`x${octet}y`, '1']);
}

for (const [what, name] of [
	['upper case', 'X-Upper'],
	['upper case within', 'x-upPer'],
	['a space', 'x y'],
	['a colon', 'x:y'],
	['a colon behind it', 'x:'],
	['an octet over 127', 'caf\xe9'],
	['nothing', ''],
	['a known field in upper case', 'Host'],
	['framing in upper case', 'Content-Length'],
	['framing with a space', 'content-length '],
	['a pseudo-header in upper case', ':Path'],
] as const) {
	refused[`a name with ${what}`] = get('/', [name, '1']);
}

for (const [what, value] of [
	['a space before it', ' 1'],
	['a space behind it', '1 '],
	['a tab before it', '\t1'],
	['a tab behind it', '1\t'],
] as const) {
	refused[`a value with ${what}`] = get('/', ['x', value]);
}

for (const [what, fields] of Object.entries(refused)) {
	test(`refused: ${JSON.stringify(what)}`, t => {
		t.throws(refuses(fields), {instanceOf: Malformed});
	});
}
