import {test} from '../helpers/lanes.js';
import {openRawHttp2} from '../helpers/raw-http2.js';
import {ok, startScripted} from '../helpers/scripted.js';
import {startTunnel} from '../helpers/tunnel.js';

test('cookies that HTTP/2 splits reach the backend as one line', async t => {
	const backend = await startScripted(t, ok);
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	const client = await openRawHttp2(t, tunnel);
	client.headers(1, [
		[':method', 'GET'],
		[':scheme', 'https'],
		[':authority', 'localhost'],
		[':path', '/'],
		['cookie', 'a=1'],
		['x-between', 'yes'],
		['cookie', 'b=2; c=3'],
		['cookie', 'd=4'],
	]);
	await client.frame(({type, endStream}) => type === 'data' && endStream);
	t.deepEqual(backend.received.match(/^cookie: .*$/gim), ['cookie: a=1; b=2; c=3; d=4']);
	t.regex(backend.received, /\r\nx-between: yes\r\n/);
});
