import type {Hostile} from '../helpers/hostile.js';
import {refusals} from '../helpers/hostile-cases.js';

/** What an attacker would have the backend take for a request of its own. */
const hidden = 'GET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n';

const post = (fields: string, body = '', version = '1.1') =>
	`POST /bad HTTP/${version}\r\nHost: localhost\r\n${fields}\r\n\r\n${body}`;

const coding = (value: string): string => post(`Transfer-Encoding: ${value}`, `0\r\n\r\n${hidden}`);

const length = (value: string): string => post(`Content-Length: ${value}`, `hello${hidden}`);

/** With a length that reaches over the hidden request, and with one that does not. */
const both: readonly Hostile[] = [6, 5 + hidden.length].flatMap(size => [
	[
		`Content-Length ${size} before chunked`,
		post(`Content-Length: ${size}\r\nTransfer-Encoding: chunked`, `0\r\n\r\n${hidden}`),
	],
	[
		`chunked before Content-Length ${size}`,
		post(`Transfer-Encoding: chunked\r\nContent-Length: ${size}`, `0\r\n\r\n${hidden}`),
	],
]);

refusals([
	...both,
	[
		'Content-Length 0 with chunked',
		post('Content-Length: 0\r\nTransfer-Encoding: chunked', `0\r\n\r\n${hidden}`),
	],
	[
		'an empty Content-Length with chunked',
		post('Content-Length:\r\nTransfer-Encoding: chunked', '0\r\n\r\n'),
	],
	[
		'Content-Length with a coding in capitals',
		post('content-length: 5\r\nTRANSFER-ENCODING: CHUNKED', '0\r\n\r\n'),
	],
	['lengths that differ', post('Content-Length: 5\r\nContent-Length: 6', `hello${hidden}`)],
	['lengths that differ in casing too', post('Content-Length: 5\r\ncontent-length: 0', 'hello')],
	['two identical lengths', post('Content-Length: 5\r\nContent-Length: 5', 'hello')],
	['a length and an empty one', post('Content-Length: 5\r\nContent-Length:', 'hello')],
	...(
		[
			['a plus sign', '+5'],
			['a minus sign', '-5'],
			['minus zero', '-0'],
			['a prefix of hexadecimal', '0x5'],
			['a hexadecimal digit', 'a'],
			['a list of equal lengths', '5,5'],
			['a list with a space', '5, 5'],
			['a list that ends with a comma', '5,'],
			['a list that begins with a comma', ',5'],
			['a space within', '5 5'],
			['a tab within', '5\t5'],
			['nothing', ''],
			['blanks', ' \t '],
			['a fraction', '5.0'],
			['an exponent', '5e0'],
			['an underscore', '5_0'],
			['a word', 'five'],
			['quotes', '"5"'],
			['a parameter', '5;a=b'],
			['digits that are not ASCII', '\xd9\xa5'],
			['a vertical tab behind it', '5\x0b'],
			['a form feed before it', '\x0c5'],
			['a NUL behind it', '5\0'],
			['a no-break space behind it', '5\xa0'],
			['2^64 and five', '18446744073709551621'],
			['2^63', '9223372036854775808'],
			['a hundred digits', '9'.repeat(100)],
		] as const
	).map(([what, value]): Hostile => [`a length of ${what}`, length(value)]),
	...(
		[
			['xchunked', 'xchunked'],
			['nothing', ''],
			['blanks', ' \t '],
			['chunked twice', 'chunked, chunked'],
			['gzip and chunked', 'gzip, chunked'],
			['chunked and gzip', 'chunked, gzip'],
			['gzip', 'gzip'],
			['identity', 'identity'],
			['chunked and identity', 'chunked, identity'],
			['identity and chunked', 'identity, chunked'],
			['chunked with a parameter', 'chunked;q=1'],
			['chunked with a semicolon', 'chunked;'],
			['quotes', '"chunked"'],
			['a letter too few', 'chunke'],
			['a letter too many', 'chunkedd'],
			['a space within', 'chunk ed'],
			['another word before it', 'x chunked'],
			['another word behind it', 'chunked x'],
			['a vertical tab behind it', 'chunked\x0b'],
			['a vertical tab before it', '\x0bchunked'],
			['a form feed before it', '\x0cchunked'],
			['a NUL behind it', 'chunked\0'],
			['a no-break space before it', '\xa0chunked'],
			['a long s', 'chunked\xc5\xbf'],
		] as const
	).map(([what, value]): Hostile => [`a Transfer-Encoding of ${what}`, coding(value), [400, 501]]),
	...(
		[
			['chunked, repeated', 'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked'],
			['identity, then chunked', 'Transfer-Encoding: identity\r\nTransfer-Encoding: chunked'],
			['chunked, then a word', 'Transfer-Encoding: chunked\r\nTransfer-Encoding: cow'],
			['an empty one, then chunked', 'Transfer-Encoding:\r\nTransfer-Encoding: chunked'],
			['chunked, then an empty one', 'Transfer-Encoding: chunked\r\ntransfer-encoding:'],
			['a space before its colon', 'Transfer-Encoding : chunked'],
			['a tab before its colon', 'Transfer-Encoding\t: chunked'],
			['a vertical tab before its colon', 'Transfer-Encoding\x0b: chunked'],
			['a NUL before its colon', 'Transfer-Encoding\0: chunked'],
			['a space before its name', 'X-A: 1\r\n Transfer-Encoding: chunked'],
			['a space before its name, first of all', ' Transfer-Encoding: chunked'],
			['its value in the next line', 'Transfer-Encoding:\r\n chunked'],
			['its line after a bare line feed', 'X-A: 1\nTransfer-Encoding: chunked'],
			['its line after a bare carriage return', 'X-A: 1\rTransfer-Encoding: chunked'],
			['a bare carriage return behind it', 'Transfer-Encoding: chunked\r'],
			[
				'a length behind it, with a space before the colon',
				'Transfer-Encoding: chunked\r\nContent-Length : 5',
			],
		] as const
	).map(
		([what, fields]): Hostile => [
			`Transfer-Encoding with ${what}`,
			post(fields, `0\r\n\r\n${hidden}`),
			[400, 501],
		],
	),
	['HTTP/1.0 with chunked', post('Transfer-Encoding: chunked', '0\r\n\r\n', '1.0')],
	[
		'HTTP/1.0 with chunked and keep-alive',
		post('Connection: keep-alive\r\nTransfer-Encoding: chunked', `0\r\n\r\n${hidden}`, '1.0'),
	],
	[
		'HTTP/1.0 with chunked and a length',
		post('Content-Length: 5\r\nTransfer-Encoding: chunked', '0\r\n\r\n', '1.0'),
	],
	[
		'a GET with two framings',
		`GET /bad HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
	],
	[
		'a body before a switch of protocols',
		post('Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 5', 'hello'),
	],
]);
