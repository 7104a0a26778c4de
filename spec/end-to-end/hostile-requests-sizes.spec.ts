import type {Hostile} from '../helpers/hostile.js';
import {refusals} from '../helpers/hostile-cases.js';

const field = (line: string) => `GET /bad HTTP/1.1\r\nHost: localhost\r\n${line}\r\n\r\n`;

const many = (count: number, line: (index: number) => string) =>
	Array.from({length: count}, (_, index) => line(index)).join('\r\n');

const cases: readonly Hostile[] = [
	['a value over 64 KiB', field(`X-A: ${'a'.repeat(70_000)}`)],
	['a value of 1 MiB', field(`X-A: ${'a'.repeat(2 ** 20)}`)],
	['a name over 64 KiB', field(`${'a'.repeat(70_000)}: 1`)],
	['a target over 64 KiB', `GET /${'a'.repeat(70_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`],
	['a Host over 64 KiB', `GET /bad HTTP/1.1\r\nHost: ${'a'.repeat(70_000)}\r\n\r\n`],
	['3,000 fields', field(many(3000, index => `X-${index}: 1`))],
	['3,000 fields over 64 KiB', field(many(3000, index => `X-${index}: ${'a'.repeat(30)}`))],
	['3,000 fields of one name', field(many(3000, () => 'Cookie: a=1'))],
	['100,000 fields', field(many(100_000, () => 'X-A: 1'))],
	['201 fields', field(many(200, () => 'X-A: 1'))],
	['half a head of 100 KiB', `GET /bad HTTP/1.1\r\nHost: localhost\r\nX-A: ${'a'.repeat(2 ** 17)}`],
	['half a target of 100 KiB', `GET /${'a'.repeat(2 ** 17)}`],
	['100,000 fields without an end', `GET /bad HTTP/1.1\r\n${'X-A: 1\r\n'.repeat(100_000)}`],
];

refusals([
	...cases.map(([name, bytes]): Hostile => [name, bytes, [431]]),
	[
		'a method over 64 KiB',
		`${'G'.repeat(70_000)} /bad HTTP/1.1\r\nHost: localhost\r\n\r\n`,
		[400, 431],
	],
	['10,000 empty lines', '\r\n'.repeat(10_000) + field('X-A: 1'), [400, 431]],
]);
