import test from 'ava';
import {type Way, ways} from '../helpers/odd-backend.js';
import {
	askOdd,
	assertBadGateway,
	assertHealthy,
	type OddStageOf,
	oddStageFor,
	sending,
} from '../helpers/odd-cases.js';

const body = 'Content-Length: 2\r\n\r\nok';
const head = (fields: string) => `HTTP/1.1 200 OK\r\n${fields}\r\n${body}`;
const line = (text: string) => `${text}\r\n${body}`;

type Case = readonly [name: string, text: string];

const cases: readonly Case[] = [
	[
		'a length and chunks',
		'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n',
	],
	[
		'chunks and a length',
		'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
	],
	['two lengths that differ', head('Content-Length: 3')],
	['a list of lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nok'],
	['a length with a sign', 'HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nok'],
	['a length that is negative', 'HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nok'],
	['a length that is hexadecimal', 'HTTP/1.1 200 OK\r\nContent-Length: 0x2\r\n\r\nok'],
	['an empty length', 'HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\nok'],
	['a length over 64 bits', 'HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551618\r\n\r\nok'],
	['a coding of gzip', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nok'],
	[
		'codings of gzip and chunked',
		'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
	],
	['a coding of xchunked', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n'],
	['a bare line feed behind the status line', `HTTP/1.1 200 OK\n${body}`],
	['bare line feeds everywhere', 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok'],
	['a bare line feed behind a field', 'HTTP/1.1 200 OK\r\nX-A: 1\nContent-Length: 2\r\n\r\nok'],
	['a bare line feed at the end', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\nok'],
	['a bare carriage return in a value', head('X-A: a\rb')],
	['a bare carriage return in the reason', line('HTTP/1.1 200 O\rK')],
	['a folded value', head('X-A: a\r\n b')],
	['a folded first line', head(' X-A: a')],
	['a space before a colon', head('X-A : 1')],
	['a space in a name', head('X A: 1')],
	['no colon', head('nonsense')],
	['no name', head(': 1')],
	['a NUL in a value', head('X-A: a\0b')],
	['a NUL in a name', head('X-\0A: 1')],
	['a control character in a value', head('X-A: a\x01b')],
	['a byte over 127 in a name', head('X-\xe9: 1')],
	['a control character in the reason', line('HTTP/1.1 200 O\x01K')],
	['a NUL in the reason', line('HTTP/1.1 200 O\0K')],
	['a status of two digits', line('HTTP/1.1 20 OK')],
	['a status of four digits', line('HTTP/1.1 2000 OK')],
	['a status below 100', line('HTTP/1.1 099 OK')],
	['a status that is no number', line('HTTP/1.1 abc OK')],
	['a status with a sign', line('HTTP/1.1 +20 OK')],
	['no status', line('HTTP/1.1 ')],
	['two spaces before the status', line('HTTP/1.1  200 OK')],
	['a tab before the status', line('HTTP/1.1\t200 OK')],
	['a version of 1.2', line('HTTP/1.2 200 OK')],
	['a version of 2.0', line('HTTP/2.0 200 OK')],
	['a version of 0.9', line('HTTP/0.9 200 OK')],
	['a version in lower case', line('http/1.1 200 OK')],
	['another protocol', line('ICY 200 OK')],
	['a page without a head', '<html>hello</html>\r\n\r\n'],
	['the greeting of a mail server', '220 localhost ESMTP\r\n\r\n'],
	['binary garbage', `${'\0\x01\x02\xff'.repeat(50)}\r\n\r\n`],
	['a request', 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'],
	['a head over 64 KiB', head(`X-A: ${'a'.repeat(70_000)}`)],
	['a head of 20,000 fields', head(`${'X-A: 1\r\n'.repeat(20_000)}X-B: 2`)],
	['a status line over 64 KiB', line(`HTTP/1.1 200 ${'a'.repeat(70_000)}`)],
];

/** Node's parser, and with it the message lane, takes these for HTTP/1.1. */
const understood = new Set(['a version of 2.0', 'a version of 0.9']);

const refused = test.macro({
	title: (_title, {name: way}: Way, _stage, [name]: Case) =>
		`${way}: ${name} in a response is a failure of the backend`,
	async exec(t, {version}: Way, stageOf: OddStageOf, [, text]: Case) {
		const odd = stageOf();
		odd.behave(sending(text));
		assertBadGateway(t, await askOdd(t, odd));
		// Whatever the client speaks, it is read by the same reader.
		if (text.length < 500 && version === 'HTTP/1.1') {
			odd.behave(socket => {
				const bytes = [...Buffer.from(text, 'latin1')];
				const next = () => {
					const byte = bytes.shift();
					if (byte !== undefined && socket.writable) {
						socket.write(Buffer.of(byte), () => setImmediate(next));
					}
				};
				next();
			});
			assertBadGateway(t, await askOdd(t, odd));
		}
		await assertHealthy(t, odd);
	},
});

for (const way of ways) {
	const stageOf = oddStageFor(way);
	for (const each of cases) {
		if (way.lane === 'wire' || !understood.has(each[0])) {
			test.serial(refused, way, stageOf, each);
		}
	}
}
