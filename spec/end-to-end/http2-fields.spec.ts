import test from 'ava';
import {openRawHttp2} from '../helpers/http2/client.js';
import {fieldBlock, get, indexed, literal} from '../helpers/http2/fields.js';
import {frame} from '../helpers/http2/frames.js';
import {malformed, proper} from '../helpers/http2/malformed.js';
import {http2Stage} from '../helpers/http2/stage.js';

const stage = http2Stage();

const named = (name: string) => (path: string) => get(path, [name, 'value']);
const valued = (value: string) => (path: string) => get(path, ['x-value', value]);
const hex = (octet: number) => `0x${octet.toString(16).padStart(2, '0')}`;
const octets = (...ranges: ReadonlyArray<readonly [from: number, to: number]>) =>
	ranges.flatMap(([from, to]) => Array.from({length: to - from + 1}, (_, index) => from + index));

malformed(stage, [
	['8.2.1: a field without a name', named('')],
	...['X-Name', 'x-namE', 'HOST', 'Content-Length', 'Cookie', 'Connection'].map(
		name => [`8.2.1: the name ${name}`, named(name)] as const,
	),
	...octets([0, 0x20], [0x7f, 0x81], [0xbf, 0xc0], [0xff, 0xff]).map(
		octet =>
			[`8.2.1: a name with ${hex(octet)}`, named(`x${String.fromCharCode(octet)}y`)] as const,
	),
	['8.2.1: a name with a colon', named('x:y')],
	['8.2.1: a name that ends with a colon', named('x:')],
	...[' x', 'x ', '\tx', 'x\t'].map(
		name => [`8.2.1: the name ${JSON.stringify(name)}`, named(name)] as const,
	),
	...[0x00, 0x0a, 0x0d].flatMap(octet =>
		[
			['in the middle', (text: string) => `a${text}b`],
			['first', (text: string) => `${text}b`],
			['last', (text: string) => `a${text}`],
		].map(
			([where, make]) =>
				[
					`8.2.1: a value with ${hex(octet)} ${where}`,
					valued((make as (text: string) => string)(String.fromCharCode(octet))),
				] as const,
		),
	),
	[
		'8.2.1: a value with a hidden request',
		valued('a\r\n\r\nGET /hidden HTTP/1.1\r\nHost: localhost\r\n'),
	],
	...[' a', 'a ', '\ta', 'a\t', ' ', '\t'].map(
		value => [`8.2.1: the value ${JSON.stringify(value)}`, valued(value)] as const,
	),
	...(
		[
			['connection', 'keep-alive'],
			['connection', 'close'],
			['connection', ''],
			['proxy-connection', 'keep-alive'],
			['keep-alive', 'timeout=5'],
			['transfer-encoding', 'chunked'],
			['transfer-encoding', 'identity'],
			['transfer-encoding', ''],
			['upgrade', 'websocket'],
			['upgrade', 'h2c'],
		] as const
	).map(
		([name, value]) =>
			[`8.2.2: "${name}: ${value}"`, (path: string) => get(path, [name, value])] as const,
	),
	...['gzip', 'trailers, gzip', 'gzip, trailers', 'deflate;q=0.5', ''].map(
		value => [`8.2.2: "te: ${value}"`, (path: string) => get(path, ['te', value])] as const,
	),
	['8.2.2: "te: trailers" and "te: gzip"', path => get(path, ['te', 'trailers'], ['te', 'gzip'])],
	...['5a', '+5', '-1', '', ' 5', '0x5', '5, 5', '5,5', '1.0', 'five', '99999999999999999999'].map(
		value =>
			[
				`8.1.1: "content-length: ${value}"`,
				(path: string) => get(path, ['content-length', value]),
			] as const,
	),
	[
		'8.1.1: two lengths that differ',
		path => get(path, ['content-length', '0'], ['content-length', '4']),
	],
	[
		'8.2.1: a name in capitals by way of the dynamic table',
		path =>
			Buffer.concat([fieldBlock(get(path)), literal('X-Upper', '1', 'indexing'), indexed(62)]),
	],
]);

proper(stage, [
	['8.2.1: an empty value', valued('')],
	['8.2.1: a value with blanks inside', valued('a \t b')],
	['8.2.1: a value with octets beyond ASCII', valued('caf\xe9 \x80\xff')],
	['8.2.1: a name of all signs that a name may have', named("!#$%&'*+-.^_`|~09az")],
	['8.2.2: "te: trailers"', path => get(path, ['te', 'trailers'])],
	['8.1.1: "content-length: 0" without a body', path => get(path, ['content-length', '0'])],
	['8.2.3: a cookie in crumbs', path => get(path, ['cookie', 'a=1'], ['cookie', 'b=2'])],
	['8.2: a field that comes twice', path => get(path, ['x-a', '1'], ['x-b', '2'], ['x-a', '3'])],
]);

test('8.2: fields reach the backend in order, with their names as they came', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	client.send(
		frame.headers(1, get('/in-order', ['x-b', '1'], ['x-a', '2'], ['x-b', '3'], ['x-e', ''])),
	);
	await client.response(1);
	const {request} = await stage().seen('/in-order');
	const raw = request.rawHeaders.join('\n');
	t.regex(raw, /x-b\n1\nx-a\n2\nx-b\n3\nx-e\n\n/);
});

test('8.2.3: crumbs of a cookie reach the backend as one line', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	client.send(frame.headers(1, get('/crumbs', ['cookie', 'a=1'], ['x', ''], ['cookie', 'b=2'])));
	await client.response(1);
	t.is((await stage().seen('/crumbs')).request.headers.cookie, 'a=1; b=2');
});

test('8.2.2: TE does not reach the backend', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	client.send(frame.headers(1, get('/te', ['te', 'trailers'])));
	await client.response(1);
	t.is((await stage().seen('/te')).request.headers.te, undefined);
});

test('8.2.2: a response carries no field of a connection, and no name in capitals', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	client.send(frame.headers(1, get('/trailers')), frame.headers(3, get('/size/10')));
	for (const on of [1, 3]) {
		const {fields} = await client.response(on);
		for (const [name] of fields) {
			t.is(name, name.toLowerCase());
			t.notRegex(name, /^(:.*|connection|keep-alive|proxy-connection|transfer-encoding|upgrade)$/);
		}
		t.true(fields.some(([name]) => name === 'date'));
	}
});
