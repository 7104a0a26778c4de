import test from 'ava';
import {type Case, cases, connection, nothing, served} from '../helpers/http2/cases.js';
import {openRawHttp2} from '../helpers/http2/client.js';
import {expectAlive, settled} from '../helpers/http2/expect.js';
import {get} from '../helpers/http2/fields.js';
import {frame, type Settings} from '../helpers/http2/frames.js';
import {largest, settingIds} from '../helpers/http2/names.js';
import {http2Stage} from '../helpers/http2/stage.js';
import {until} from '../helpers/until.js';

const stage = http2Stage();

const sent = (...settings: Settings) => [frame.settings(settings)];
const most = 2 ** 32 - 1;

const accepted: Record<string, Settings> = {
	'HEADER_TABLE_SIZE of 0': [['HEADER_TABLE_SIZE', 0]],
	'HEADER_TABLE_SIZE of 2^32-1': [['HEADER_TABLE_SIZE', most]],
	'ENABLE_PUSH of 0': [['ENABLE_PUSH', 0]],
	'ENABLE_PUSH of 1': [['ENABLE_PUSH', 1]],
	'MAX_CONCURRENT_STREAMS of 0, which is about pushes': [['MAX_CONCURRENT_STREAMS', 0]],
	'MAX_CONCURRENT_STREAMS of 2^32-1': [['MAX_CONCURRENT_STREAMS', most]],
	'INITIAL_WINDOW_SIZE of 0': [['INITIAL_WINDOW_SIZE', 0]],
	'INITIAL_WINDOW_SIZE of 2^31-1': [['INITIAL_WINDOW_SIZE', largest]],
	'MAX_FRAME_SIZE of 16,384': [['MAX_FRAME_SIZE', 16_384]],
	'MAX_FRAME_SIZE of 2^24-1': [['MAX_FRAME_SIZE', 2 ** 24 - 1]],
	'MAX_HEADER_LIST_SIZE of 2^32-1': [['MAX_HEADER_LIST_SIZE', most]],
	'ENABLE_CONNECT_PROTOCOL of 0': [['ENABLE_CONNECT_PROTOCOL', 0]],
	'ENABLE_CONNECT_PROTOCOL of 1': [['ENABLE_CONNECT_PROTOCOL', 1]],
	nothing: [],
	'settings nobody knows': [0, 7, 0x0a0a, 0xffff].map(id => [id, most]),
	'one setting many times': Array.from({length: 50}, (_, index) => ['HEADER_TABLE_SIZE', index]),
};

const refused: Record<string, readonly [Settings, 'FLOW_CONTROL_ERROR' | 'PROTOCOL_ERROR']> = {
	'ENABLE_PUSH of 2': [[['ENABLE_PUSH', 2]], 'PROTOCOL_ERROR'],
	'ENABLE_PUSH of 2^32-1': [[['ENABLE_PUSH', most]], 'PROTOCOL_ERROR'],
	'INITIAL_WINDOW_SIZE of 2^31': [[['INITIAL_WINDOW_SIZE', largest + 1]], 'FLOW_CONTROL_ERROR'],
	'INITIAL_WINDOW_SIZE of 2^32-1': [[['INITIAL_WINDOW_SIZE', most]], 'FLOW_CONTROL_ERROR'],
	'MAX_FRAME_SIZE of 0': [[['MAX_FRAME_SIZE', 0]], 'PROTOCOL_ERROR'],
	'MAX_FRAME_SIZE of 16,383': [[['MAX_FRAME_SIZE', 16_383]], 'PROTOCOL_ERROR'],
	'MAX_FRAME_SIZE of 2^24': [[['MAX_FRAME_SIZE', 2 ** 24]], 'PROTOCOL_ERROR'],
	'a wrong value behind right ones': [
		[
			['HEADER_TABLE_SIZE', 100],
			['MAX_FRAME_SIZE', 20_000],
			['ENABLE_PUSH', 3],
		],
		'PROTOCOL_ERROR',
	],
	'a wrong value before the right one': [
		[
			['MAX_FRAME_SIZE', 1],
			['MAX_FRAME_SIZE', 16_384],
		],
		'PROTOCOL_ERROR',
	],
};

cases(stage, [
	...Object.entries(accepted).map(
		([what, settings]): Case => [`6.5.2: ${what}`, nothing, sent(...settings)],
	),
	...Object.entries(refused).map(
		([what, [settings, code]]): Case => [`6.5.2: ${what}`, connection(code), sent(...settings)],
	),
	[
		'RFC 8441, 3: ENABLE_CONNECT_PROTOCOL of 2',
		connection('PROTOCOL_ERROR'),
		sent(['ENABLE_CONNECT_PROTOCOL', 2]),
	],
	[
		'RFC 9218, 2.1: NO_RFC7540_PRIORITIES of 2',
		connection('PROTOCOL_ERROR'),
		sent(['NO_RFC7540_PRIORITIES', 2]),
	],
	[
		'6.5.3: a request right behind settings is served by them',
		served(),
		[...sent(['INITIAL_WINDOW_SIZE', 2]), frame.headers(1, get())],
	],
]);

test('6.5.3: settings are acknowledged, each once, and before what comes behind them', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	client.send(frame.settings(), frame.settings([['ENABLE_PUSH', 0]]), frame.settings());
	await settled(client);
	const kinds = client.frames.map(({type, ack}) => `${type}${ack ? ' ack' : ''}`);
	t.deepEqual(
		kinds.filter(kind => kind.endsWith(' ack')),
		[...Array(4).fill('SETTINGS ack'), 'PING ack'],
	);
	for (const {type, ack, payload, stream} of client.frames) {
		if (type === 'SETTINGS' && ack) {
			t.deepEqual([payload.length, stream], [0, 0]);
		}
	}
});

test('6.5.3: values are taken in the order in which they stand', async t => {
	const client = await openRawHttp2(t, stage().tunnel, {
		settings: [
			['INITIAL_WINDOW_SIZE', 100],
			['INITIAL_WINDOW_SIZE', 0],
			['INITIAL_WINDOW_SIZE', 5],
		],
	});
	client.send(frame.headers(1, get('/size/10')));
	const {payload} = await client.next({type: 'DATA', stream: 1});
	t.is(payload.length, 5);
	await settled(client);
	t.is(client.frames.filter(({type}) => type === 'DATA').length, 1);
});

for (const [what, size] of [
	['before anything is said of it', undefined],
	['when that is allowed explicitly', 16_384],
	['when larger ones are allowed', 65_536],
] as const) {
	test(`4.2: no frame is larger than allowed ${what}`, async t => {
		const client = await openRawHttp2(t, stage().tunnel, {
			wide: true,
			settings: size === undefined ? [] : [['MAX_FRAME_SIZE', size]],
		});
		client.send(frame.headers(1, get('/size/300000')));
		const {body} = await client.response(1);
		t.is(body.length, 300_000);
		for (const {type, payload} of client.frames) {
			t.true(payload.length <= (size ?? 16_384), `${type} of ${payload.length} octets`);
		}
	});
}

test('6.5.2: the settings of the server are ones that it may send', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	const {payload} = await client.next({type: 'SETTINGS', ack: false});
	const values = new Map<number, number>();
	for (let at = 0; at < payload.length; at += 6) {
		values.set(payload.readUInt16BE(at), payload.readUInt32BE(at + 2));
	}
	t.is(values.get(settingIds.MAX_CONCURRENT_STREAMS), 128);
	t.is(values.get(settingIds.ENABLE_CONNECT_PROTOCOL), 1);
	t.is(values.get(settingIds.MAX_HEADER_LIST_SIZE), 65_536);
	t.is(values.get(settingIds.ENABLE_PUSH) ?? 0, 0);
	t.true((values.get(settingIds.INITIAL_WINDOW_SIZE) ?? 65_535) <= largest);
	t.is(values.get(settingIds.MAX_FRAME_SIZE) ?? 16_384, 16_384);
	t.true([undefined, 0, 1].includes(values.get(settingIds.NO_RFC7540_PRIORITIES)));
});

test('RFC 7541, 4.2: a table that the client makes smaller while streams are open is not used', async t => {
	const client = await openRawHttp2(t, stage().tunnel, {settings: [['HEADER_TABLE_SIZE', 4096]]});
	for (const [index, size] of [4096, 0, 100, 0, 4096].entries()) {
		client.send(
			frame.settings([['HEADER_TABLE_SIZE', size]]),
			frame.headers(4 * index + 1, get('/size/1')),
			frame.headers(4 * index + 3, get('/size/1')),
		);
		// The decoder of these specs has no dynamic table.
		t.is((await client.response(4 * index + 1)).status, 200);
		t.is((await client.response(4 * index + 3)).status, 200);
	}
	await expectAlive(t, client);
});

test('6.5.3: a client that acknowledges nothing is served, one that acknowledges too often as well', async t => {
	const client = await openRawHttp2(t, stage().tunnel, {acks: false});
	client.send(frame.headers(1, get()));
	t.is((await client.response(1)).status, 200);
	client.send(frame.settingsAck(), frame.settingsAck(), frame.settingsAck());
	await expectAlive(t, client);
});

test('6.5: settings change nothing for a body that is under way but its window', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	client.send(frame.headers(1, get('/size/100000')));
	await client.next({type: 'DATA', stream: 1});
	client.send(
		...sent(['MAX_FRAME_SIZE', 2 ** 24 - 1], ['ENABLE_PUSH', 0], ['MAX_CONCURRENT_STREAMS', 1]),
		...sent(['HEADER_TABLE_SIZE', 1], ['MAX_HEADER_LIST_SIZE', 100_000]),
	);
	await settled(client);
	const came = () =>
		client.frames
			.filter(({type}) => type === 'DATA')
			.reduce((sum, {payload}) => sum + payload.length, 0);
	await until('all that the window lets through', () => came() >= 65_535);
	client.send(frame.windowUpdate(0, 100_000), frame.windowUpdate(1, 100_000));
	t.is((await client.response(1)).body.length, 100_000);
});
