import {once} from 'node:events';
import {setTimeout as pause} from 'node:timers/promises';
import {connect} from 'node:tls';
import test from 'ava';
import {cases, connection, nothing, served} from '../helpers/http2/cases.js';
import {openRawHttp2} from '../helpers/http2/client.js';
import {expectAlive} from '../helpers/http2/expect.js';
import {get} from '../helpers/http2/fields.js';
import {anyFrame, frame} from '../helpers/http2/frames.js';
import {preface} from '../helpers/http2/names.js';
import {http2Stage} from '../helpers/http2/stage.js';

const stage = http2Stage();

const silent = {greeting: Buffer.alloc(0)};
const onlyPreface = {greeting: preface};
const changed = (at: number, octet: number) => {
	const bytes = Buffer.from(preface);
	bytes[at] = octet;
	return bytes;
};
const settings = frame.settings([['HEADER_TABLE_SIZE', 0]]);

cases(stage, [
	[
		'3.4: a preface and settings, and a request in the same flight, are served',
		served(),
		[preface, settings, frame.headers(1, get())],
		undefined,
		silent,
	],
	['3.4: a preface with empty settings', nothing, [preface, frame.settings()], undefined, silent],
	...(
		[
			['PING', frame.ping()],
			['HEADERS', frame.headers(1, get())],
			['WINDOW_UPDATE', frame.windowUpdate(0, 1)],
			['PRIORITY', frame.priority(1, {dependsOn: 0})],
			['GOAWAY', frame.goaway()],
			['a frame of a type nobody knows', anyFrame(0xfa, 0, 0)],
			['the acknowledgement of settings', frame.settingsAck()],
		] as const
	).map(
		([what, bytes]) =>
			[
				`3.4: a first frame that is not SETTINGS but ${what}`,
				connection('PROTOCOL_ERROR'),
				[bytes, settings],
				undefined,
				onlyPreface,
			] as const,
	),
]);

// An invalid preface is a connection error of type PROTOCOL_ERROR, but GOAWAY may be left out, since the
// peer may not be using HTTP/2.
for (const [what, bytes] of [
	['whose first octet is wrong', changed(0, 0x51)],
	['in lower case', Buffer.from(preface.toString().toLowerCase())],
	['whose last octet is wrong', changed(23, 0x0b)],
	['with one octet wrong in the middle', changed(14, 0x0a)],
	['of another version', Buffer.from('PRI * HTTP/2.1\r\n\r\nSM\r\n\r\n')],
	['that is missing', frame.settings()],
	['that is an HTTP/1.1 request', Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')],
] as const) {
	test(`3.4: a preface ${what} ends the connection`, async t => {
		const client = await openRawHttp2(t, stage().tunnel, silent);
		client.send(bytes, frame.settings(), frame.headers(1, get('/never')));
		const frames = await client.closed();
		for (const {type, code} of frames) {
			t.true(type === 'SETTINGS' || type === 'WINDOW_UPDATE' || code === 'PROTOCOL_ERROR', type);
		}
		t.false(stage().hasSeen('/never'));
	});
}

for (const length of [0, 1, 12, 23, 24, 30]) {
	test(`3.4: a client that leaves after ${length} octets of its preface and settings does no harm`, async t => {
		const client = await openRawHttp2(t, stage().tunnel, silent);
		client.send(Buffer.concat([preface, settings]).subarray(0, length));
		client.socket.end();
		await client.closed();
		await expectAlive(t, await openRawHttp2(t, stage().tunnel));
	});
}

test('3.4: a preface that comes slowly, cut anywhere', async t => {
	const client = await openRawHttp2(t, stage().tunnel, silent);
	for (const [from, to] of [
		[0, 1],
		[1, 13],
		[13, 23],
		[23, 24],
	]) {
		client.send(preface.subarray(from, to));
		await pause(20);
	}
	client.send(settings);
	await expectAlive(t, client);
});

test('3.4: the first frame of the server is SETTINGS, and does not wait for the client', async t => {
	const client = await openRawHttp2(t, stage().tunnel, silent);
	const first = await client.next();
	t.is(first.type, 'SETTINGS');
	t.false(first.ack);
	t.is(first.stream, 0);
	client.send(preface, settings);
	await expectAlive(t, client);
	t.is(client.frames[0], first);
});

test('3.4: a client need not wait for the settings of the server, nor for their acknowledgement', async t => {
	const client = await openRawHttp2(t, stage().tunnel, {acks: false});
	client.send(frame.headers(1, get()));
	t.is((await client.response(1)).status, 200);
	await client.next({type: 'SETTINGS', ack: true});
	await expectAlive(t, client);
});

for (const [offered, chosen] of [
	[['h2'], 'h2'],
	[['h2c', 'h2'], 'h2'],
	[['h2c', 'http/1.1'], 'http/1.1'],
] as const) {
	test(`3.2: of ${offered.join(' and ')}, ALPN chooses ${chosen}`, async t => {
		const {port, ca} = stage().tunnel;
		const options = {port, ca, host: '127.0.0.1', servername: 'localhost'};
		const socket = connect({...options, ALPNProtocols: [...offered]});
		t.teardown(() => socket.destroy());
		await once(socket, 'secureConnect');
		t.is(socket.alpnProtocol, chosen);
	});
}
