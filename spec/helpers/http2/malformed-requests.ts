import {type Fields, get, post, request} from './fields.js';

/** The fields of a GET, without one of them, or with another value. */
export const but = (name: string, value?: string): Fields =>
	get().flatMap(field => {
		if (field[0] !== name) {
			return [field];
		}
		return value === undefined ? [] : [[name, value] as const];
	});

/** Header sections that no request may have (RFC 9113 sections 8.2 and 8.3), by what is wrong with them. */
export const malformedRequests: Record<string, Fields> = {
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
	malformedRequests[`${name}, which belongs to a connection`] = get('/', [name, 'close']);
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
	malformedRequests[`a content-length of "${value}"`] = post('/', ['content-length', value]);
}
for (const second of ['3', '4']) {
	malformedRequests[`content-length 3 and ${second}`] = post(
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
			malformedRequests[`${what} ${where} the value of ${name}`] = name.startsWith(':')
				? but(name, text)
				: get('/', [name, text]);
		}
	}
	malformedRequests[`${what} in a name`] = get('/', [`x${octet}y`, '1']);
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
	malformedRequests[`a name with ${what}`] = get('/', [name, '1']);
}

for (const [what, value] of [
	['a space before it', ' 1'],
	['a space behind it', '1 '],
	['a tab before it', '\t1'],
	['a tab behind it', '1\t'],
] as const) {
	malformedRequests[`a value with ${what}`] = get('/', ['x', value]);
}
