import {openRawHttp2} from '../helpers/http2/client.js';
import {post} from '../helpers/http2/fields.js';
import {frame} from '../helpers/http2/frames.js';
import {onLane} from '../helpers/lanes.js';
import {ok, startScripted} from '../helpers/scripted.js';
import {startTunnel} from '../helpers/tunnel.js';

// The message lane passes on each frame by itself.
const test = onLane('wire');

test('small parts of an upload that come together reach the backend together, and in order', async t => {
	const backend = await startScripted(t, ({write, until}) =>
		until('0\r\n\r\n').then(() => write(ok)),
	);
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	const client = await openRawHttp2(t, tunnel);
	const upload = frame.headers(1, post('/'), {endStream: false});
	client.send(upload, frame.data(1, 'x'), frame.data(1, 'y'), frame.data(1, 'z'));
	await (await backend.connection()).until('xyz');
	client.send(
		frame.data(1, 'd'),
		frame.data(1, 'x'.repeat(2000)),
		frame.data(1, 'e', {endStream: true}),
	);
	await client.response(1);
	const sizes = [...backend.received.matchAll(/^([\da-f]+)\r$/gm)].map(([, size]) => size);
	t.deepEqual(sizes, ['3', (2002).toString(16), '0']);
});
