import type {Hostile} from '../helpers/hostile.js';
import {refusals} from '../helpers/hostile-cases.js';

const field = (line: string) => `GET /bad HTTP/1.1\r\nHost: localhost\r\n${line}\r\n\r\n`;

refusals([
	['a head whose lines end with bare line feeds', 'GET /bad HTTP/1.1\nHost: localhost\n\n'],
	['a bare line feed behind the request line', 'GET /bad HTTP/1.1\nHost: localhost\r\n\r\n'],
	['a bare line feed behind a field', 'GET /bad HTTP/1.1\r\nHost: localhost\nX-A: 1\r\n\r\n'],
	['a bare line feed behind the last field', 'GET /bad HTTP/1.1\r\nHost: localhost\n\r\n'],
	['a bare line feed at the end of the head', 'GET /bad HTTP/1.1\r\nHost: localhost\r\n\n'],
	['a bare line feed in a value', field('X-A: a\nb')],
	['a bare line feed in a name', field('X-\nA: a')],
	['a bare line feed before the request line', `\n${field('X-A: 1')}`],
	[
		'a head whose lines end with bare carriage returns',
		'GET /bad HTTP/1.1\rHost: localhost\r\r\r\n\r\n',
	],
	['a bare carriage return behind the request line', 'GET /bad HTTP/1.1\rHost: localhost\r\n\r\n'],
	['a bare carriage return in the target', 'GET /b\rad HTTP/1.1\r\nHost: localhost\r\n\r\n'],
	['a bare carriage return in a value', field('X-A: a\rb')],
	['a bare carriage return at the end of a value', field('X-A: a\r')],
	['a bare carriage return at the beginning of a value', field('X-A:\ra')],
	['a bare carriage return in a name', field('X-\rA: a')],
	['a bare carriage return before a name', field('\rX-A: a')],
	[
		'a bare carriage return where the head would end',
		'GET /bad HTTP/1.1\r\nHost: localhost\r\n\rX-A: 1\r\n\r\n',
	],
	['a carriage return before the request line', `\r${field('X-A: 1')}`],
	['two carriage returns before the request line', `\r\r\n${field('X-A: 1')}`],
	['a space before the request line', ` ${field('X-A: 1')}`],
	['a tab before the request line', `\t${field('X-A: 1')}`],
	['a NUL before the request line', `\0${field('X-A: 1')}`],
	['a byte order mark before the request line', `\xef\xbb\xbf${field('X-A: 1')}`],
	['a value that goes on in the next line', field('X-A: 1\r\n folded')],
	['a value that goes on after a tab', field('X-A: 1\r\n\tfolded')],
	['a line of a space', field('X-A: 1\r\n ')],
	['a line of a tab', field('\t')],
	['a first field that begins with a space', 'GET /bad HTTP/1.1\r\n Host: localhost\r\n\r\n'],
	['a space before the colon', field('X-A : 1')],
	['a tab before the colon', field('X-A\t: 1')],
	['a vertical tab before the colon', field('X-A\x0b: 1')],
	['a Host with a space before the colon', 'GET /bad HTTP/1.1\r\nHost : localhost\r\n\r\n'],
	['a field without a colon', field('nonsense')],
	['a field without a name', field(': 1')],
	['a field of a colon', field(':')],
	['a field of a space and a colon', field(' : 1')],
	...[0, 1, 8, 11, 12, 14, 27, 31, 127].flatMap((code): Hostile[] => [
		[`the control character ${code} in a value`, field(`X-A: a${String.fromCharCode(code)}b`)],
		[`the control character ${code} in a name`, field(`X-${String.fromCharCode(code)}A: 1`)],
		[
			`the control character ${code} in the target`,
			`GET /b${String.fromCharCode(code)}d HTTP/1.1\r\nHost: localhost\r\n\r\n`,
		],
		[
			`the control character ${code} in the method`,
			`G${String.fromCharCode(code)}T /bad HTTP/1.1\r\nHost: localhost\r\n\r\n`,
		],
	]),
	['a NUL at the end of a value', field('X-A: 1\0')],
	['a NUL alone in a value', field('X-A:\0')],
	...['\x80', '\xe9', '\xff', '\xc3\xa9'].flatMap((bytes): Hostile[] => [
		[`${named(bytes)} in a name`, field(`X-${bytes}A: 1`)],
		[`${named(bytes)} before a name`, field(`${bytes}X-A: 1`)],
		[`${named(bytes)} in the method`, `G${bytes}T /bad HTTP/1.1\r\nHost: localhost\r\n\r\n`],
	]),
	...[...' "(),/;<=>?@[\\]{}'].flatMap((sign): Hostile[] => [
		[`${sign} in a name`, field(`X${sign}A: 1`)],
		[`${sign} in the method`, `G${sign}T /bad HTTP/1.1\r\nHost: localhost\r\n\r\n`],
	]),
]);

function named(bytes: string): string {
	return [...Buffer.from(bytes, 'latin1')].map(byte => `the byte ${byte}`).join(' and ');
}
