import {subscribe} from 'node:diagnostics_channel';
import {connect, constants} from 'node:http2';
import type {Socket} from 'node:net';
import {setTimeout as pause} from 'node:timers/promises';
import test from 'ava';
import {startRawHttp2Backend} from '../helpers/http2/backend.js';
import {frame} from '../helpers/http2/frames.js';
import {largest} from '../helpers/http2/names.js';
import {startTunnel} from '../helpers/tunnel.js';
import {until} from '../helpers/until.js';

test('a connection to a backend that reads nothing more is not kept for ever', async t => {
	t.timeout(90_000);
	const sockets: Socket[] = [];
	subscribe('net.client.socket', message => {
		sockets.push((message as {socket: Socket}).socket);
	});
	const backend = await startRawHttp2Backend(t, [['INITIAL_WINDOW_SIZE', largest]]);
	const tunnel = await startTunnel(t, backend.route);
	const session = connect(`https://localhost:${tunnel.port}`, {ca: tunnel.ca ?? ''});
	t.teardown(() => session.destroy());
	const request = session.request({':method': 'POST', ':path': '/'});
	request.on('error', () => undefined);
	request.write(Buffer.alloc(50_000_000));
	const peer = await backend.peer();
	peer.send(frame.windowUpdate(0, largest - 65_535));
	await backend.request(peer);
	peer.socket.pause();
	const dialled = sockets.find(({remotePort}) => remotePort === peer.socket.localPort);
	await until('what cannot be written', () => (dialled?.writableLength ?? 0) > 100_000);
	await pause(500);
	request.close(constants.NGHTTP2_CANCEL);
	await until('its end', () => dialled?.destroyed ?? false, 25_000);
	t.true(dialled?.destroyed);
});
