import {get, indexed, literal, post, request, tableSize} from '../../helpers/http2/fields.js';
import {anyFrame, frame} from '../../helpers/http2/frames.js';
import {malformedRequests} from '../../helpers/http2/malformed-requests.js';
import {settingIds} from '../../helpers/http2/names.js';
import type {Random} from '../random.js';

/** Numbers at which something changes. */
export const numbers = [
	0,
	1,
	5,
	100,
	255,
	4095,
	4096,
	16_383,
	16_384,
	16_385,
	65_535,
	65_536,
	131_072,
	2 ** 24,
	2 ** 30,
	2 ** 31 - 1,
	2 ** 31,
	2 ** 32 - 1,
] as const;

/** Parts of field blocks. */
export const blockWords: readonly Buffer[] = [
	...[0, 1, 2, 3, 7, 8, 16, 31, 61, 62, 63, 70].map(indexed),
	...[0, 30, 31, 100, 4096, 4097, 2 ** 31].map(tableSize),
	...(['plain', 'indexing', 'never'] as const).flatMap(kind => [
		literal('x-a', 'b', kind),
		literal('x-a', 'b', kind, true),
		literal('content-length', '5', kind),
		literal('te', 'trailers', kind),
		literal('cookie', 'a=1', kind),
		literal('host', 'localhost', kind),
		literal('expect', '100-continue', kind),
		literal('transfer-encoding', 'chunked', kind),
		literal('x-a', 'b\r\nhost: c', kind),
		literal(':path', '/x', kind),
		literal('trailer', 'x-sum', kind),
		literal('x-a', 'x'.repeat(kind === 'never' ? 70_000 : 3000), kind),
	]),
	...['u=1, i', 'u=9;a, (a "b");c=?1, d=:YQ==:', 'i=?0, u'].map(value =>
		literal('priority', value),
	),
	Buffer.concat(Array.from({length: 210}, () => literal('x-a', 'b'))),
	literal('x-forwarded-for', '6.6.6.6'),
	literal('sec-websocket-key', 'AAAAAAAAAAAAAAAAAAAAAA=='),
	Buffer.from('ffffffffff0f', 'hex'),
	Buffer.from('3fe1ffffff7f', 'hex'),
];

const requests = [
	get(),
	get('/a?b', ['accept', '*/*']),
	post(),
	post('/', ['content-length', '5']),
	request('HEAD', '/'),
	request('OPTIONS', '*'),
	request('CONNECT', '/', [':protocol', 'websocket'], ['sec-websocket-version', '13']),
	request('CONNECT', '/', [':protocol', 'other']),
	[
		[':method', 'CONNECT'],
		[':authority', 'localhost:80'],
	] as const,
	...Object.values(malformedRequests),
];

const setting = (random: Random) => [random.below(11), random.pick(numbers)] as const;

/** Frames of which clients send some, and some nobody should. */
export function clientFrame(random: Random, stream: number): Buffer {
	const endStream = random.chance(0.5);
	switch (random.below(10)) {
		case 0:
		case 1:
		case 2:
			return frame.headers(
				stream,
				random.pick(random.chance(0.6) ? requests.slice(0, 9) : requests),
				{
					endStream,
				},
			);
		case 3:
			return frame.headers(stream, [['x-sum', '1']]);
		case 4:
			return frame.data(stream, random.pick(['', 'hello', 'x'.repeat(16_384)]), {endStream});
		default:
			return anyOther(random, stream);
	}
}

const responses = [
	[[':status', '200']],
	[
		[':status', '200'],
		['content-length', '5'],
	],
	[
		[':status', '200'],
		['content-type', 'text/plain'],
		['connection', 'close'],
	],
	[[':status', '204']],
	[
		[':status', '304'],
		['content-length', '5'],
	],
	[[':status', '100']],
	[[':status', '101']],
	[
		[':status', '103'],
		['link', '</a>'],
	],
	[[':status', '20']],
	[['x-sum', '1']],
	[
		['grpc-status', '0'],
		['content-length', '5'],
	],
] as const;

/** Frames of which servers send some, and some nobody should. */
export function serverFrame(random: Random, stream: number): Buffer {
	const endStream = random.chance(0.5);
	switch (random.below(8)) {
		case 0:
		case 1:
		case 2:
			return frame.headers(stream, random.pick(responses), {endStream});
		case 3:
			return frame.data(stream, random.pick(['', 'hello', 'x'.repeat(16_384)]), {endStream});
		default:
			return anyOther(random, stream);
	}
}

function anyOther(random: Random, stream: number): Buffer {
	const number = random.pick(numbers);
	switch (random.below(13)) {
		case 0:
		case 1:
			return frame.reset(stream, random.below(15));
		case 2:
		case 3:
			return frame.settings(Array.from({length: random.below(4)}, () => setting(random)));
		case 4:
			return frame.settings([[settingIds.INITIAL_WINDOW_SIZE, number]]);
		case 5:
			return frame.ping('farewell', random.chance(0.5));
		case 6:
			return frame.goaway(random.pick([0, 1, 3, stream, 2 ** 31 - 1]), random.below(3), 'bye');
		case 7:
			return frame.windowUpdate(random.chance(0.3) ? 0 : stream, number);
		case 8:
			return frame.priority(stream, {dependsOn: random.below(8)});
		case 9:
			return frame.priorityUpdate(
				stream,
				random.pick(['u=1, i', 'u=9;a, (a "b" 1.5);c=?1, d=:YQ==:', 'i=?0, u', 'i;a="', '']),
			);
		case 10:
			return frame.data(stream, 'hello', {padding: random.below(256)});
		case 11:
			return frame.continuation(
				stream,
				random.pick(blockWords).subarray(0, 16_384),
				random.chance(0.5),
			);
		default:
			return anyFrame(random.below(20), random.below(256), stream, 'x'.repeat(random.below(20)));
	}
}
