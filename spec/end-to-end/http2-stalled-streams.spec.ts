import test from 'ava';
import {openRawHttp2} from '../helpers/http2/client.js';
import {expectAlive} from '../helpers/http2/expect.js';
import {get} from '../helpers/http2/fields.js';
import {frame} from '../helpers/http2/frames.js';
import {startScripted} from '../helpers/scripted.js';
import {startTunnel} from '../helpers/tunnel.js';

const idle = 1000;

test('a response that its client does not take is reset in time, and the streams beside it go on', async t => {
	const backend = await startScripted(t, async connection => {
		const asked = await connection.until('\r\n\r\n');
		if (asked.startsWith('GET /stalled ')) {
			connection.write(
				`HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1000\r\n\r\n${'x'.repeat(1000)}`,
			);
		} else if (asked.startsWith('GET /quiet ')) {
			connection.write('HTTP/1.1 200 OK\r\n\r\nfirst');
		} else {
			connection.write('HTTP/1.1 204 No Content\r\n\r\n');
		}
	});
	const tunnel = await startTunnel(t, backend.port, {lane: 'wire', limits: {idle}});
	const client = await openRawHttp2(t, tunnel, {settings: [['INITIAL_WINDOW_SIZE', 10]]});
	client.send(frame.headers(1, get('/quiet')), frame.headers(3, get('/stalled')));
	const end = await client.next(({type}) => type === 'RST_STREAM' || type === 'GOAWAY');
	t.deepEqual([end.type, end.stream], ['RST_STREAM', 3]);
	await expectAlive(t, client);
	t.false(client.frames.some(({type, stream}) => type === 'RST_STREAM' && stream === 1));
});

test('a connection whose window its client leaves closed is ended in time', async t => {
	const backend = await startScripted(
		t,
		`HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n${'x'.repeat(100_000)}`,
	);
	const tunnel = await startTunnel(t, backend.port, {lane: 'wire', limits: {idle}});
	const client = await openRawHttp2(t, tunnel, {settings: [['INITIAL_WINDOW_SIZE', 1_000_000]]});
	client.send(frame.headers(1, get('/')));
	const {code} = await client.next({type: 'GOAWAY'});
	t.is(code, 'ENHANCE_YOUR_CALM');
	await client.closed();
});
