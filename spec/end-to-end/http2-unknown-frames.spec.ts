import {type Case, cases, nothing, type Prelude, served} from '../helpers/http2/cases.js';
import {get, post} from '../helpers/http2/fields.js';
import {anyFrame, frame, uint32} from '../helpers/http2/frames.js';
import {flags, frameTypes, largest} from '../helpers/http2/names.js';
import {http2Stage} from '../helpers/http2/stage.js';

const stage = http2Stage();

const reserved = largest + 1;
const answered: Prelude = async client => {
	client.send(frame.headers(1, get()));
	await client.response(1);
};
const uploading: Prelude = async client => {
	client.send(frame.headers(1, post('/echo'), {endStream: false}));
};

/** All flags but those that mean something in a frame of this type. */
const strange = (...known: readonly number[]) => known.reduce((left, each) => left & ~each, 0xff);

cases(stage, [
	...[0x0a, 0x0b, 0x0c, 0x0f, 0x11, 0x7f, 0xff].map(
		(type): Case => [
			`4.1: a frame of type ${type} is ignored on the connection`,
			nothing,
			[anyFrame(type, 0, 0, 'payload')],
		],
	),
	['4.1: its flags mean nothing', nothing, [anyFrame(0xfa, 0xff, 0, 'payload')]],
	['4.1: it may be empty', nothing, [anyFrame(0xfa, 0, 0)]],
	['5.1: it is ignored on a stream that is idle', nothing, [anyFrame(0xfa, 0, 7, 'payload')]],
	['5.1: it is ignored on a stream of even number', nothing, [anyFrame(0xfa, 0, 2, 'payload')]],
	[
		'5.1: it is ignored on a stream that is open, and ends nothing',
		served(),
		[anyFrame(0xfa, 0xff, 1, 'payload'), frame.data(1, 'body', {endStream: true})],
		uploading,
	],
	['5.1: it is ignored on a stream that is closed', nothing, [anyFrame(0xfa, 1, 1)], answered],
	[
		'4.1: flags that HEADERS do not have are ignored',
		served(),
		[
			frame.headers(1, get(), {
				more: strange(flags.PADDED, flags.PRIORITY, flags.END_HEADERS, flags.END_STREAM),
			}),
		],
	],
	[
		'4.1: flags that DATA do not have are ignored',
		served(),
		[frame.data(1, 'body', {endStream: true, more: strange(flags.END_STREAM, flags.PADDED)})],
		uploading,
	],
	['4.1: flags that PING does not have are ignored', nothing, [ping(strange(flags.ACK))]],
	['4.1: flags of SETTINGS but ACK are ignored', nothing, [settings(strange(flags.ACK))]],
	[
		'4.1: flags of WINDOW_UPDATE are ignored',
		nothing,
		[anyFrame('WINDOW_UPDATE', 0xff, 0, uint32(1))],
	],
	[
		'4.1: flags of PRIORITY are ignored',
		nothing,
		[anyFrame('PRIORITY', 0xff, 1, Buffer.from([0, 0, 0, 0, 1]))],
	],
	[
		'4.1: flags of RST_STREAM are ignored',
		nothing,
		[anyFrame('RST_STREAM', 0xff, 1, uint32(8))],
		uploading,
	],
	[
		'4.1: flags of CONTINUATION but END_HEADERS are ignored',
		served(),
		[
			frame.headers(1, get(), {endHeaders: false}),
			anyFrame('CONTINUATION', strange(flags.END_HEADERS), 1),
			anyFrame('CONTINUATION', 0xff, 1),
		],
	],
	['4.1: the reserved bit of HEADERS is ignored', served(), [frame.headers(reserved + 1, get())]],
	[
		'4.1: the reserved bit of DATA is ignored',
		served(),
		[frame.data(reserved + 1, 'body', {endStream: true})],
		uploading,
	],
	['4.1: the reserved bit of SETTINGS is ignored', nothing, [anyFrame('SETTINGS', 0, reserved)]],
	[
		'4.1: the reserved bit of PING is ignored',
		nothing,
		[anyFrame('PING', 0, reserved, Buffer.alloc(8))],
	],
	[
		'4.1: the reserved bit of CONTINUATION is ignored',
		served(),
		[
			frame.headers(1, get(), {endHeaders: false}),
			frame.continuation(reserved + 1, Buffer.alloc(0)),
		],
	],
	[
		'6.9: the reserved bit of an increment is ignored',
		nothing,
		[frame.windowUpdate(0, reserved + 1)],
	],
	[
		'6.8: the reserved bit of the last stream is ignored',
		{...nothing, connection: 'NO_ERROR'},
		[frame.goaway(reserved)],
	],
	[
		'6.3: PRIORITY in every field of its own',
		nothing,
		[anyFrame(frameTypes.PRIORITY, 0, reserved + 1, Buffer.alloc(5, 0xff))],
	],
]);

function ping(flag: number): Buffer {
	return anyFrame('PING', flag, 0, Buffer.alloc(8, 'f'));
}

function settings(flag: number): Buffer {
	return anyFrame('SETTINGS', flag, 0);
}
