import {cases, connection, nothing, type Prelude, served, stream} from '../helpers/http2/cases.js';
import {get, literal, post} from '../helpers/http2/fields.js';
import {anyFrame, frame} from '../helpers/http2/frames.js';
import {flags} from '../helpers/http2/names.js';
import {http2Stage} from '../helpers/http2/stage.js';

const stage = http2Stage();

const tooLarge = connection('FRAME_SIZE_ERROR');
const upload: Prelude = async client => {
	client.send(frame.headers(1, post('/echo'), {endStream: false}));
};
/** A field block of so many octets. */
const block = (size: number) => {
	const begin = Buffer.concat([
		...get().map(([name, value]) => literal(name, value)),
		Buffer.from([0, 1, 0x78]),
	]);
	const length = size - begin.length - 3;
	return Buffer.concat([
		begin,
		Buffer.from([127, ((length - 127) % 128) | 128, (length - 127) >> 7]),
		Buffer.alloc(length, 'v'),
	]);
};
const full = Buffer.alloc(16_384, 'd');
const over = Buffer.alloc(16_385, 'd');

cases(stage, [
	[
		'4.2: DATA of 16,384 octets',
		served(),
		[frame.data(1, full, {endStream: true})],
		upload,
		{wide: true},
	],
	['4.2: HEADERS of 16,384 octets', served(), [frame.headers(1, block(16_384))]],
	[
		'4.2: CONTINUATION of 16,384 octets',
		served(),
		[
			frame.headers(1, block(16_484).subarray(0, 100), {endHeaders: false}),
			frame.continuation(1, block(16_484).subarray(100)),
		],
	],
	[
		'4.2: SETTINGS of 16,380 octets',
		nothing,
		[frame.settings(Array.from({length: 2730}, () => ['INITIAL_WINDOW_SIZE', 65_535]))],
	],
	['4.2: a frame of a type nobody knows, of 16,384 octets', nothing, [anyFrame(0xfa, 0, 0, full)]],
	[
		'4.2: GOAWAY of 16,384 octets',
		{...nothing, connection: 'NO_ERROR'},
		[anyFrame('GOAWAY', 0, 0, Buffer.alloc(16_384))],
	],
	[
		'4.2: DATA of 16,385 octets',
		{connection: 'FRAME_SIZE_ERROR', stream: [1, 'FRAME_SIZE_ERROR']},
		[frame.data(1, over)],
		upload,
	],
	['4.2: HEADERS of 16,385 octets', tooLarge, [frame.headers(1, block(16_385))]],
	[
		'4.2: CONTINUATION of 16,385 octets',
		tooLarge,
		[
			frame.headers(1, block(16_485).subarray(0, 100), {endHeaders: false}),
			frame.continuation(1, block(16_485).subarray(100)),
		],
	],
	[
		'4.2: SETTINGS of 16,386 octets',
		tooLarge,
		[frame.settings(Array.from({length: 2731}, () => ['INITIAL_WINDOW_SIZE', 65_535]))],
	],
	['4.2: GOAWAY of 16,385 octets', tooLarge, [anyFrame('GOAWAY', 0, 0, Buffer.alloc(16_385))]],
	['4.2: a frame of a type nobody knows, of 16,385 octets', tooLarge, [anyFrame(0xfa, 0, 0, over)]],
	[
		'4.2: a frame that says that it has 2^24-1 octets is refused before they come',
		tooLarge,
		[anyFrame('HEADERS', flags.END_HEADERS, 1, 'a', 2 ** 24 - 1)],
	],
	...[0, 3, 5, 8].map(
		length =>
			[
				`6.4: RST_STREAM of ${length} octets`,
				tooLarge,
				[anyFrame('RST_STREAM', 0, 1, Buffer.alloc(length))],
				upload,
			] as const,
	),
	...[1, 5, 7, 11].map(
		length =>
			[
				`6.5: SETTINGS of ${length} octets`,
				tooLarge,
				[anyFrame('SETTINGS', 0, 0, Buffer.alloc(length))],
			] as const,
	),
	...[1, 6].map(
		length =>
			[
				`6.5: an acknowledgement of settings of ${length} octets`,
				tooLarge,
				[anyFrame('SETTINGS', flags.ACK, 0, Buffer.alloc(length))],
			] as const,
	),
	...[0, 7, 9, 16].flatMap(length =>
		[0, flags.ACK].map(
			flag =>
				[
					`6.7: PING of ${length} octets${flag === 0 ? '' : ' that acknowledges'}`,
					tooLarge,
					[anyFrame('PING', flag, 0, Buffer.alloc(length))],
				] as const,
		),
	),
	...[0, 4, 7].map(
		length =>
			[
				`6.8: GOAWAY of ${length} octets`,
				tooLarge,
				[anyFrame('GOAWAY', 0, 0, Buffer.alloc(length))],
			] as const,
	),
	...[0, 3, 5, 8].flatMap(length =>
		[0, 1].map(
			on =>
				[
					`6.9: WINDOW_UPDATE of ${length} octets on ${on === 0 ? 'the connection' : 'a stream'}`,
					tooLarge,
					[anyFrame('WINDOW_UPDATE', 0, on, Buffer.alloc(length, 1))],
					upload,
				] as const,
		),
	),
	...[0, 4, 6, 10].map(
		length =>
			[
				`6.3: PRIORITY of ${length} octets`,
				stream(1, 'FRAME_SIZE_ERROR'),
				[anyFrame('PRIORITY', 0, 1, Buffer.alloc(length))],
				upload,
			] as const,
	),
	[
		'4.2: HEADERS with the flag PRIORITY and four octets',
		connection(['FRAME_SIZE_ERROR', 'PROTOCOL_ERROR']),
		[anyFrame('HEADERS', flags.END_HEADERS | flags.PRIORITY, 1, Buffer.alloc(4))],
	],
	[
		'4.2: HEADERS with the flag PADDED and nothing',
		connection(['FRAME_SIZE_ERROR', 'PROTOCOL_ERROR']),
		[anyFrame('HEADERS', flags.END_HEADERS | flags.PADDED, 1)],
	],
	[
		'4.2: DATA with the flag PADDED and nothing',
		{
			connection: ['FRAME_SIZE_ERROR', 'PROTOCOL_ERROR'],
			stream: [1, ['FRAME_SIZE_ERROR']],
		},
		[anyFrame('DATA', flags.PADDED, 1)],
		upload,
	],
	...[0, 3].map(
		length =>
			[
				`RFC 9218, 7.1: PRIORITY_UPDATE of ${length} octets`,
				tooLarge,
				[anyFrame('PRIORITY_UPDATE', 0, 0, Buffer.alloc(length))],
			] as const,
	),
]);
