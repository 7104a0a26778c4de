import test from 'ava';
import {cases, connection, type Prelude, served} from '../helpers/http2/cases.js';
import {openRawHttp2} from '../helpers/http2/client.js';
import {fieldBlock, get, post} from '../helpers/http2/fields.js';
import {anyFrame, frame} from '../helpers/http2/frames.js';
import {flags} from '../helpers/http2/names.js';
import {http2Stage} from '../helpers/http2/stage.js';
import {sender} from '../helpers/http2/windows.js';

const stage = http2Stage();

const tooLong = connection('PROTOCOL_ERROR');
const block = fieldBlock(get('/padded'));
const upload: Prelude = async client => {
	client.send(frame.headers(1, post('/echo'), {endStream: false}));
};

/** A frame whose payload says that it has so much padding, and has what follows. */
const says = (type: 'DATA' | 'HEADERS', padding: number, rest: Buffer, more = 0) =>
	anyFrame(
		type,
		flags.PADDED | (type === 'HEADERS' ? flags.END_HEADERS | flags.END_STREAM : 0) | more,
		1,
		Buffer.concat([Buffer.from([padding]), rest]),
	);

cases(stage, [
	['6.2: HEADERS with padding of no octets', served(), [frame.headers(1, get(), {padding: 0})]],
	['6.2: HEADERS with one octet of padding', served(), [frame.headers(1, get(), {padding: 1})]],
	['6.2: HEADERS with 255 octets of padding', served(), [frame.headers(1, get(), {padding: 255})]],
	[
		'6.2: HEADERS with padding and priority',
		served(),
		[frame.headers(1, get(), {padding: 9, priority: {dependsOn: 3, exclusive: true}})],
	],
	[
		'6.2: HEADERS with padding and CONTINUATION, which has none',
		served(),
		[
			frame.headers(1, fieldBlock(get()).subarray(0, 5), {padding: 7, endHeaders: false}),
			frame.continuation(1, fieldBlock(get()).subarray(5)),
		],
	],
	[
		'6.2: padding as long as what is left of HEADERS leaves an empty block',
		{connection: [], stream: [1, 'PROTOCOL_ERROR']},
		[says('HEADERS', 5, Buffer.alloc(5))],
	],
	[
		'6.2: padding longer than HEADERS by one octet',
		tooLong,
		[says('HEADERS', block.length + 1, block)],
	],
	['6.2: padding longer than HEADERS by far', tooLong, [says('HEADERS', 255, block)]],
	[
		'6.2: padding that leaves too little for the priority',
		tooLong,
		[says('HEADERS', block.length - 4, block, flags.PRIORITY)],
	],
	[
		'6.2: padding longer than HEADERS that CONTINUATION would follow',
		tooLong,
		[
			anyFrame('HEADERS', flags.PADDED, 1, Buffer.from([9, 0x82])),
			frame.continuation(1, Buffer.alloc(20)),
		],
	],
	[
		'6.2: padding that is not zero may be refused',
		{connection: 'PROTOCOL_ERROR', served: [1]},
		[says('HEADERS', 3, Buffer.concat([block, Buffer.from('xyz')]))],
	],
	[
		'6.1: padding longer than DATA by one octet',
		tooLong,
		[says('DATA', 5, Buffer.from('four'))],
		upload,
	],
	['6.1: padding longer than DATA by far', tooLong, [says('DATA', 255, Buffer.alloc(0))], upload],
	[
		'6.1: padding of an octet in DATA without more',
		tooLong,
		[says('DATA', 1, Buffer.alloc(0))],
		upload,
	],
	[
		'6.1: padding longer than DATA on a stream that is closed is no less wrong',
		tooLong,
		[says('DATA', 5, Buffer.from('four'))],
		async client => {
			client.send(frame.headers(1, post('/held', ['te', 'gzip']), {endStream: false}));
			await client.next({type: 'RST_STREAM', stream: 1});
		},
	],
]);

for (const pieces of ['whole', 'octet by octet']) {
	test(`6.1: padding is no part of a body (${pieces})`, async t => {
		const client = await openRawHttp2(t, stage().tunnel);
		client.send(frame.headers(1, post('/echo'), {endStream: false}));
		const bytes = Buffer.concat([
			frame.data(1, 'a', {padding: 0}),
			frame.data(1, 'b', {padding: 1}),
			frame.data(1, '', {padding: 20}),
			frame.data(1, '', {padding: 0}),
			frame.data(1, 'c'),
			frame.data(1, 'def', {padding: 255}),
			frame.data(1, '', {padding: 3, endStream: true}),
		]);
		if (pieces === 'whole') {
			client.send(bytes);
		} else {
			await client.burst(Array.from(bytes, octet => Buffer.from([octet])));
		}
		t.is(String((await client.response(1)).body), 'abcdef');
	});
}

test('6.1: padding counts for both windows, and comes back', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	const {left, data} = sender(client);
	client.send(frame.headers(1, post('/padded-body'), {endStream: false}));
	// More padding alone than the window of a stream.
	for (let frames = 0; frames < 600; frames++) {
		while (left(1) < 1256) {
			await client.next({type: 'WINDOW_UPDATE'});
		}
		data(1, 1000, 255);
	}
	client.send(frame.data(1, '', {endStream: true}));
	t.is((await client.response(1)).status, 200);
	t.is((await stage().seen('/padded-body')).body.length, 600_000);
});
