import {
	type Allowed,
	type Case,
	cases,
	connection,
	nothing,
	type Prelude,
	stream,
} from '../helpers/http2/cases.js';
import {get, post} from '../helpers/http2/fields.js';
import {anyFrame, frame} from '../helpers/http2/frames.js';
import {http2Stage} from '../helpers/http2/stage.js';

const stage = http2Stage();

/** Every frame that could be sent on a stream. */
const frames = {
	DATA: frame.data(1, 'data'),
	'DATA that ends the stream': frame.data(1, 'data', {endStream: true}),
	'DATA without an octet': frame.data(1, ''),
	HEADERS: frame.headers(1, get('/again')),
	'HEADERS that do not end the stream': frame.headers(1, get('/again'), {endStream: false}),
	PRIORITY: frame.priority(1, {dependsOn: 0}),
	RST_STREAM: frame.reset(1),
	PUSH_PROMISE: frame.pushPromise(1, 2, get()),
	WINDOW_UPDATE: frame.windowUpdate(1, 100),
	CONTINUATION: frame.continuation(1, Buffer.alloc(0)),
	'a frame of a type nobody knows': anyFrame(0xfa, 0xff, 1, 'data'),
} as const;
type Name = keyof typeof frames;

/** What is the same in all states. */
const always: Partial<Record<Name, Allowed>> = {
	PRIORITY: nothing,
	PUSH_PROMISE: connection('PROTOCOL_ERROR'),
	CONTINUATION: connection('PROTOCOL_ERROR'),
	'a frame of a type nobody knows': nothing,
};

function state(title: string, prelude: Prelude, allowed: Partial<Record<Name, Allowed>>): Case[] {
	return (Object.entries({...always, ...allowed}) as Array<[Name, Allowed]>).map(
		([name, outcome]) => [`5.1: ${title}: ${name}`, outcome, [frames[name]], prelude],
	);
}

const idle: Prelude = async () => undefined;
const open: Prelude = async client =>
	client.send(frame.headers(1, post('/held'), {endStream: false}));
const halfClosed: Prelude = async client => client.send(frame.headers(1, get('/held')));
const ended: Prelude = async client => {
	client.send(frame.headers(1, get()));
	await client.response(1);
};
const endedBehindBody: Prelude = async client => {
	client.send(frame.headers(1, post(), {endStream: false}), frame.data(1, 'x', {endStream: true}));
	await client.response(1);
};
const resetByClient: Prelude = async client =>
	client.send(frame.headers(1, post('/held'), {endStream: false}), frame.reset(1));
const resetByServer: Prelude = async client => {
	client.send(frame.headers(1, post('/held', ['te', 'gzip']), {endStream: false}));
	await client.next({type: 'RST_STREAM', stream: 1});
};
/** A stream of lower number than one that was opened has been closed without ever being used. */
const skipped: Prelude = async client => {
	client.send(frame.headers(3, get()));
	await client.response(3);
};

const outOfState = connection('PROTOCOL_ERROR');
const closed = stream(1, 'STREAM_CLOSED');

/** What a stream closed for good, as both sides know, may get: an error on either, or no answer. */
const gone: Allowed = {
	...nothing,
	connection: 'STREAM_CLOSED',
	stream: [1, 'STREAM_CLOSED'],
};
/** Section 5.1.1 calls the number unexpected. */
const again: Allowed = {...gone, connection: ['STREAM_CLOSED', 'PROTOCOL_ERROR']};

cases(stage, [
	...state('idle', idle, {
		DATA: outOfState,
		'DATA that ends the stream': outOfState,
		'DATA without an octet': outOfState,
		RST_STREAM: outOfState,
		WINDOW_UPDATE: outOfState,
	}),
	...state('open', open, {
		DATA: nothing,
		'DATA that ends the stream': nothing,
		'DATA without an octet': nothing,
		RST_STREAM: nothing,
		WINDOW_UPDATE: nothing,
		'HEADERS that do not end the stream': stream(1, 'PROTOCOL_ERROR'),
		// Trailers, in which pseudo-headers must not be.
		HEADERS: stream(1, 'PROTOCOL_ERROR'),
	}),
	...state('half-closed (remote)', halfClosed, {
		DATA: closed,
		'DATA that ends the stream': closed,
		'DATA without an octet': closed,
		HEADERS: closed,
		'HEADERS that do not end the stream': closed,
		RST_STREAM: nothing,
		WINDOW_UPDATE: nothing,
	}),
	...[ended, endedBehindBody].flatMap((prelude, index) =>
		state(`closed by END_STREAM on both sides${index === 0 ? '' : ', behind a body'}`, prelude, {
			DATA: gone,
			'DATA that ends the stream': gone,
			'DATA without an octet': gone,
			HEADERS: again,
			'HEADERS that do not end the stream': again,
			RST_STREAM: nothing,
			WINDOW_UPDATE: nothing,
		}),
	),
	...state('closed by RST_STREAM of the client', resetByClient, {
		DATA: gone,
		'DATA that ends the stream': gone,
		'DATA without an octet': gone,
		HEADERS: again,
		'HEADERS that do not end the stream': again,
		RST_STREAM: {...nothing, connection: 'STREAM_CLOSED'},
		WINDOW_UPDATE: {...nothing, connection: 'STREAM_CLOSED'},
	}),
	...state('closed by RST_STREAM of the server', resetByServer, {
		DATA: nothing,
		'DATA that ends the stream': nothing,
		'DATA without an octet': nothing,
		HEADERS: nothing,
		'HEADERS that do not end the stream': nothing,
		RST_STREAM: nothing,
		WINDOW_UPDATE: nothing,
	}),
	...state('closed since a later one was opened', skipped, {
		DATA: {...gone, connection: ['STREAM_CLOSED', 'PROTOCOL_ERROR']},
		HEADERS: outOfState,
		'HEADERS that do not end the stream': outOfState,
		RST_STREAM: {...nothing, connection: ['STREAM_CLOSED', 'PROTOCOL_ERROR']},
		WINDOW_UPDATE: {...nothing, connection: ['STREAM_CLOSED', 'PROTOCOL_ERROR']},
	}),
]);
