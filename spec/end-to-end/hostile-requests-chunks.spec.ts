import test from 'ava';
import {type LaneName, laneNames} from '../../lib/config/options.js';
import {answerTo, assertRefusal, assertUntouched, bytewise, good} from '../helpers/hostile.js';
import {type StageOf, stageFor} from '../helpers/hostile-cases.js';
import {readRequests} from '../helpers/read-messages.js';

const head = 'POST /bad HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n';
const end = `0\r\n\r\n${good.replace('good', 'hidden')}`;

/** What fits into one record of TLS, and so into one read, in octets. */
const largestRecord = 16_384;

type Fault = readonly [name: string, body: string];

const size = (what: string, text: string): Fault => [
	`a chunk size ${what}`,
	`${text}\r\nhello\r\n${end}`,
];

const faults: readonly Fault[] = [
	size('with a plus sign', '+5'),
	size('with a minus sign', '-5'),
	size('with the prefix of hexadecimal', '0x5'),
	size('with a space before it', ' 5'),
	size('with a tab before it', '\t5'),
	size('with a space behind it', '5 '),
	size('with a space within', '5 5'),
	size('with a comma', '5,5'),
	size('with a dot', '5.0'),
	size('with an underscore', '5_0'),
	size('with a NUL', '5\0'),
	size('with a vertical tab', '5\x0b'),
	size('that is missing', ''),
	size('that is an extension alone', ';a=b'),
	size('that is no number', 'g'),
	size('that is half a number', '5g'),
	size('with a bare carriage return behind it', '5\r'),
	size('that overflows 64 bits into 5', '10000000000000005'),
	size('that overflows 128 bits into 5', `1${'0'.repeat(31)}5`),
	size('that overflows 32 bits many times', `1${'0'.repeat(70)}5`),
	size('of seventeen digits', 'fffffffffffffffff'),
	['a chunk size with a bare line feed', `5\nhello\r\n${end}`],
	['a chunk size with a bare carriage return', `5\rhello\r\n${end}`],
	['a chunk size with a carriage return and another byte', `5\rX\nhello\r\n${end}`],
	['an extension with a bare line feed', `5;a\nhello\r\n${end}`],
	['an extension with a bare carriage return', `5;a\rb\r\nhello\r\n${end}`],
	['an extension with a NUL', `5;a\0b\r\nhello\r\n${end}`],
	['an extension with a control character', `5;a=\x01\r\nhello\r\n${end}`],
	['an extension of 64 KiB', `5;a=${'a'.repeat(65_536)}\r\nhello\r\n${end}`],
	['an extension of 64 KiB at the last chunk', `5\r\nhello\r\n0;a=${'a'.repeat(65_536)}\r\n\r\n`],
	['no line break behind the data', `5\r\nhello${end}`],
	['a bare line feed behind the data', `5\r\nhello\n${end}`],
	['a bare carriage return behind the data', `5\r\nhello\r${end}`],
	['a carriage return and another byte behind the data', `5\r\nhello\rX${end}`],
	['two carriage returns behind the data', `5\r\nhello\r\r\n${end}`],
	['more data than announced', `5\r\nhello!\r\n${end}`],
	['a chunk that ends in the line of the last one', '3\r\nabc0\r\n\r\n'],
	['a bare line feed behind the last size', `0\n\r\n${good}`],
	['a bare line feed at the very end', `0\r\n\n${good}`],
	['a bare carriage return at the very end', `0\r\n\rX\r\n\r\n${good}`],
	['a trailer that ends with a bare line feed', `0\r\nX-A: 1\n\r\n${good}`],
	['a trailer with a space before its colon', `0\r\nX-A : 1\r\n\r\n${good}`],
	['a trailer that goes on in the next line', `0\r\nX-A: 1\r\n 2\r\n\r\n${good}`],
	['a trailer with a NUL', `0\r\nX-A: \0\r\n\r\n${good}`],
	['a trailer without a colon', `0\r\nnonsense\r\n\r\n${good}`],
	['a trailer with a byte over 127 in its name', `0\r\nX-\xe9: 1\r\n\r\n${good}`],
	['a trailer with a bare carriage return', `0\r\nX-A: a\rb\r\n\r\n${good}`],
	['trailers of 1 MiB', `0\r\nX-A: ${'a'.repeat(2 ** 20)}\r\n\r\n`],
	['3,000 trailers', `0\r\n${`X-A: ${'a'.repeat(24)}\r\n`.repeat(3000)}\r\n`],
];

const brokenOff = test.macro({
	title: (_title, lane: LaneName, _stage, [name]: Fault) =>
		`${lane}: ${name} is refused, and no backend takes the request for complete`,
	async exec(t, lane: LaneName, stageOf: StageOf, [, body]: Fault) {
		const stage = stageOf();
		stage.takeReceived();
		const bytes = head + body;
		for (const pieces of [
			[bytes],
			[head, body],
			...(bytes.length < 500 ? [bytewise(bytes)] : []),
		]) {
			const received = await answerTo(t, stage.tunnel, ...pieces);
			// Node's server can only cut, once it has handed over the request.
			if (lane === 'wire' || received !== '') {
				assertRefusal(t, received, [400, 431]);
			}
			const seen = stage.takeReceived();
			if (lane === 'wire' && pieces.length === 1 && bytes.length < largestRecord) {
				t.is(seen, '');
			}
			// The head goes on before the fault has come, but never an end, nor anything behind the fault.
			if (seen !== '') {
				const {messages, rest} = readRequests(seen);
				t.deepEqual([messages.length, messages[0]?.complete, rest], [1, false, '']);
			}
		}
		await assertUntouched(t, stage);
	},
});

for (const lane of laneNames) {
	const stageOf = stageFor(lane);
	for (const fault of faults) {
		test.serial(brokenOff, lane, stageOf, fault);
	}
}
