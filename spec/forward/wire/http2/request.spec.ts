import test from 'ava';
import {Malformed} from '../../../../lib/forward/wire/codec/octets.js';
import {makeField} from '../../../../lib/forward/wire/http2/field.js';
import {readRequest} from '../../../../lib/forward/wire/http2/request.js';
import {type Fields, get, post, request} from '../../../helpers/http2/fields.js';
import {but, malformedRequests} from '../../../helpers/http2/malformed-requests.js';

const read = (fields: Fields) => readRequest(fields.map(([name, value]) => makeField(name, value)));

const refuses = (fields: Fields) => () => read(fields);

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

test('what is asked for as a tunnel has no body, and no key of its own', t => {
	const fields: Fields = [...request('CONNECT', '/chat'), [':protocol', 'websocket']];
	const key: Fields = [
		['sec-websocket-key', 'AAAAAAAAAAAAAAAAAAAAAA=='],
		['sec-websocket-version', '13'],
	];
	t.is(read([...fields, ...key]).lines, 'sec-websocket-version: 13\r\n');
	t.is(
		read(get('/', ...key)).lines,
		'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\nsec-websocket-version: 13\r\n',
	);
	for (const length of ['0', '5']) {
		t.throws(refuses([...fields, ['content-length', length]]), {instanceOf: Malformed});
	}
});

for (const [what, fields] of Object.entries(malformedRequests)) {
	test(`refused: ${JSON.stringify(what)}`, t => {
		t.throws(refuses(fields), {instanceOf: Malformed});
	});
}
