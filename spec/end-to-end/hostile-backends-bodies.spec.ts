import test, {type ExecutionContext} from 'ava';
import {type Oddity, type Way, ways} from '../helpers/odd-backend.js';
import {
	askOdd,
	assertBadGateway,
	assertCutShort,
	assertHealthy,
	type OddStageOf,
	oddStageFor,
	sending,
} from '../helpers/odd-cases.js';
import {readResponses} from '../helpers/read-messages.js';

/** What the client gets; `cut`: a body that visibly lacks its end. */
type Outcome = 'cut' | 'gateway' | ((t: ExecutionContext, received: string) => void);

type Case = readonly [
	name: string,
	text: string,
	then: 'stay' | 'end' | 'reset',
	outcome: Outcome,
	method?: string,
];

/** The response is complete and has this body. */
const whole =
	(status: string, body: string, method = 'GET'): Outcome =>
	(t, received) => {
		const {messages, rest} = readResponses(received, [method], true);
		t.deepEqual([messages.length, rest], [1, ''], JSON.stringify(received));
		t.is(messages[0]?.start.slice(9, 12), status);
		t.true(messages[0]?.complete);
		t.is(messages[0]?.body, body);
	};

const sized = (length: number, body: string) =>
	`HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n${body}`;
const chunked = (body: string) =>
	`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n${body}`;
const second = 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged';

const cases: readonly Case[] = [
	['nothing, then closes', '', 'end', 'gateway'],
	['nothing, then resets', '', 'reset', 'gateway'],
	['half a status line, then closes', 'HTTP/1.1 20', 'end', 'gateway'],
	['half a status line, then resets', 'HTTP/1.1 20', 'reset', 'gateway'],
	['half a head, then closes', 'HTTP/1.1 200 OK\r\nContent-', 'end', 'gateway'],
	['half a head, then resets', 'HTTP/1.1 200 OK\r\nContent-', 'reset', 'gateway'],
	['a head without its empty line, then closes', 'HTTP/1.1 200 OK\r\nX-A: 1\r\n', 'end', 'gateway'],
	['a 103, then closes', 'HTTP/1.1 103 Early Hints\r\n\r\n', 'end', 'gateway'],
	['a 100, then resets', 'HTTP/1.1 100 Continue\r\n\r\n', 'reset', 'gateway'],
	['a head, then closes', sized(5, ''), 'end', 'cut'],
	['a head, then resets', sized(5, ''), 'reset', 'cut'],
	['fewer bytes than announced, then closes', sized(100, 'hello'), 'end', 'cut'],
	['fewer bytes than announced, then resets', sized(100, 'hello'), 'reset', 'cut'],
	[
		'a head of chunks, then closes',
		'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
		'end',
		'cut',
	],
	['a chunk, then closes', chunked(''), 'end', 'cut'],
	['a chunk, then resets', chunked(''), 'reset', 'cut'],
	['half a chunk, then closes', chunked('5\r\nhel'), 'end', 'cut'],
	['half a size of a chunk, then closes', chunked('5'), 'end', 'cut'],
	['the last size, then closes', chunked('0\r\n'), 'end', 'cut'],
	['half of its trailers, then closes', chunked('0\r\nX-A: 1\r\n'), 'end', 'cut'],
	[
		'a body that ends with the connection, then resets',
		'HTTP/1.1 200 OK\r\n\r\nhello',
		'reset',
		'cut',
	],
	['a chunk size that is no number', chunked('zz\r\nhello\r\n'), 'stay', 'cut'],
	['a chunk size with a sign', chunked('+5\r\nhello\r\n'), 'stay', 'cut'],
	['a chunk size with a prefix', chunked('0x5\r\nhello\r\n'), 'stay', 'cut'],
	['a chunk size that overflows', chunked(`1${'0'.repeat(15)}5\r\nhello\r\n`), 'stay', 'cut'],
	['an empty chunk size', chunked('\r\nhello\r\n'), 'stay', 'cut'],
	['a chunk size with a bare line feed', chunked('5\nhello\r\n0\r\n\r\n'), 'stay', 'cut'],
	[
		'a chunk size of 100 KiB',
		chunked(`${'0'.repeat(100_000)}5\r\nhello\r\n0\r\n\r\n`),
		'stay',
		'cut',
	],
	[
		'an extension of 100 KiB',
		chunked(`5;a=${'a'.repeat(100_000)}\r\nhello\r\n0\r\n\r\n`),
		'stay',
		'cut',
	],
	['an extension with a NUL', chunked('5;a=\0\r\nhello\r\n0\r\n\r\n'), 'stay', 'cut'],
	['more data than its chunk', chunked('5\r\nhello!\r\n0\r\n\r\n'), 'stay', 'cut'],
	['no line break behind a chunk', chunked('5\r\nhello0\r\n\r\n'), 'stay', 'cut'],
	['a bare line feed behind a chunk', chunked('5\r\nhello\n0\r\n\r\n'), 'stay', 'cut'],
	['a trailer with a bare line feed', chunked('0\r\nX-A: 1\n\r\n'), 'stay', 'cut'],
	['a trailer with a space before its colon', chunked('0\r\nX-A : 1\r\n\r\n'), 'stay', 'cut'],
	['a trailer with a NUL', chunked('0\r\nX-A: \0\r\n\r\n'), 'stay', 'cut'],
	['trailers of 1 MiB', chunked(`0\r\nX-A: ${'a'.repeat(2 ** 20)}\r\n\r\n`), 'stay', 'cut'],
	['more bytes than announced', sized(5, 'hello, world'), 'stay', whole('200', 'hello')],
	['another response behind its own', sized(5, `hello${second}`), 'stay', whole('200', 'hello')],
	['bytes behind its last chunk', chunked(`0\r\n\r\n${second}`), 'stay', whole('200', 'hello')],
	['a 204 with a body', `HTTP/1.1 204 No Content\r\n\r\n${second}`, 'stay', whole('204', '')],
	[
		'a 204 with a length and a body',
		'HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello',
		'stay',
		whole('204', ''),
	],
	[
		'a 204 with chunks',
		'HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
		'stay',
		whole('204', ''),
	],
	[
		'a 304 with a body',
		'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nhello',
		'stay',
		whole('304', ''),
	],
	['a body for HEAD', sized(5, 'hello'), 'stay', whole('200', '', 'HEAD'), 'HEAD'],
	['chunks for HEAD', chunked('0\r\n\r\n'), 'stay', whole('200', '', 'HEAD'), 'HEAD'],
	['another response for HEAD', sized(5, second), 'stay', whole('200', '', 'HEAD'), 'HEAD'],
];

/**
 * What the message lane does not hold: Node's parser takes the first for what is meant, and a body that
 * breaks off with a reset for one that ends.
 */
const notOnMessageLane = new Set(['a chunk size of 100 KiB']);

const odd = test.macro({
	title: (_title, {name: way}: Way, _stage, [name, , then]: Case) =>
		`${way}: a backend that sends ${name}${then === 'stay' ? ', and stays' : ''}`,
	async exec(t, {version}: Way, stageOf: OddStageOf, [, text, then, outcome, method]: Case) {
		const stage = stageOf();
		const headEnd = text.indexOf('\r\n\r\n') + 4;
		// Over HTTP/2 the head is a frame of its own in any case.
		for (const first of version === 'HTTP/2' ? [headEnd] : [undefined, headEnd]) {
			stage.behave(first === undefined ? sending(text, then) : inTwo(text, first, then));
			const received = await askOdd(t, stage, method);
			if (outcome === 'gateway' || (outcome === 'cut' && received.startsWith('HTTP/1.1 502 '))) {
				// A fault that comes together with the head is known before anything has been passed on.
				t.true(outcome === 'gateway' || first === undefined, 'the head has been passed on');
				assertBadGateway(t, received);
			} else if (outcome === 'cut') {
				assertCutShort(t, received);
			} else {
				outcome(t, received);
			}
			if (first !== undefined && typeof outcome === 'function') {
				// What comes behind a complete response is noticed when it is there, and not before.
				await new Promise(resolve => setTimeout(resolve, 150));
			}
			await assertHealthy(t, stage);
		}
	},
});

/** Writes the head, and the rest when the head must have been passed on. */
function inTwo(text: string, first: number, then: 'stay' | 'end' | 'reset'): Oddity {
	return socket => {
		socket.write(text.slice(0, first), 'latin1');
		setTimeout(() => sending(text.slice(first), then)(socket), 50);
	};
}

for (const way of ways) {
	const stageOf = oddStageFor(way);
	for (const each of cases) {
		const declare =
			way.lane === 'message' && notOnMessageLane.has(each[0]) ? test.serial.failing : test.serial;
		declare(odd, way, stageOf, each);
	}
}
