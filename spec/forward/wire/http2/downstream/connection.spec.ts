import {Duplex} from 'node:stream';
import type {TLSSocket} from 'node:tls';
import test from 'ava';
import type {WireContext} from '../../../../../lib/forward/wire/context.js';
import {Http2Connection} from '../../../../../lib/forward/wire/http2/downstream/connection.js';
import {Turn} from '../../../../../lib/forward/wire/http2/output/turn.js';
import {get} from '../../../../helpers/http2/fields.js';
import {frame} from '../../../../helpers/http2/frames.js';
import {preface} from '../../../../helpers/http2/names.js';
import {clientAt} from '../../snapshot.js';

/** A connection to a client that reads nothing: no write to it is ever done. */
function openUnread(): Duplex {
	const socket = new Duplex({read: () => undefined, write: () => undefined});
	const context = {
		limits: {head: 30_000, idle: 120_000, headSize: 65_536, fields: 200},
		clock: {now: 0, tick: 1000},
		snapshot: () => ({
			router: {routes: [], match: () => undefined},
			names: {serves: () => true, admit: () => undefined},
			policies: [],
		}),
		draining: () => false,
		report: () => undefined,
	} as unknown as WireContext;
	void new Http2Connection(socket as unknown as TLSSocket, clientAt(''), context, new Turn());
	socket.push(Buffer.concat([preface, frame.settings()]));
	return socket;
}

const turn = () => new Promise(resolve => setImmediate(resolve));

test('a client that reads no answers is not read for ever', async t => {
	const socket = openUnread();
	let most = 0;
	for (let round = 0; round < 1000 && !socket.isPaused(); round++) {
		const frames = Array.from({length: 10}, (_, index) =>
			frame.headers(round * 20 + index * 2 + 1, get()),
		);
		socket.push(Buffer.concat(frames));
		await turn();
		most = Math.max(most, socket.writableLength);
	}
	t.true(socket.isPaused());
	t.true(most < 256 * 1024, `${most} octets wait`);
});
