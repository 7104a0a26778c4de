import {Duplex} from 'node:stream';
import type {TLSSocket} from 'node:tls';
import test from 'ava';
import type {WireContext} from '../../../../../lib/forward/wire/context.js';
import {Http2Connection} from '../../../../../lib/forward/wire/http2/downstream/connection.js';
import {Turn} from '../../../../../lib/forward/wire/http2/output/turn.js';
import {frame} from '../../../../helpers/http2/frames.js';
import {repeated} from '../../../../helpers/http2/siege.js';
import {clientAt} from '../../snapshot.js';
import {greeting} from '../framing/follow.js';

/** A client that reads nothing: what is written to it waits for ever. */
function deafSocket(): Duplex {
	return new Duplex({read: () => undefined, write: () => undefined, final: done => done()});
}

const limits = {head: 30_000, idle: 120_000, headSize: 65_536, fields: 200};

test('answers to PING do not pile up without end for a client that does not read', async t => {
	const clock = {now: 0, tick: 1000};
	const socket = deafSocket();
	const connection = new Http2Connection(
		socket as TLSSocket,
		clientAt(''),
		{clock, limits, draining: () => false, report: () => undefined} as unknown as WireContext,
		new Turn(),
	);
	socket.push(greeting);
	const pings = repeated(frame.ping(), 4000 * 17);
	let most = 0;
	for (let second = 0; second < 600 && !socket.writableEnded; second++) {
		clock.now += 1000;
		socket.push(pings);
		await new Promise(resolve => setImmediate(resolve));
		await new Promise(resolve => setImmediate(resolve));
		connection.check(clock.now);
		most = Math.max(most, socket.writableLength);
	}
	t.true(socket.writableEnded, `${most} octets wait`);
	t.true(most < 5 * 2 ** 20);
});
