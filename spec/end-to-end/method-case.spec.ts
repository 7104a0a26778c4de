import {openRawHttp2} from '../helpers/http2/client.js';
import {request} from '../helpers/http2/fields.js';
import {frame} from '../helpers/http2/frames.js';
import {test} from '../helpers/lanes.js';
import {ok, startScripted} from '../helpers/scripted.js';
import {startTunnel} from '../helpers/tunnel.js';

for (const method of ['get', 'Get', 'post', 'head', 'delete']) {
	test(`the method ${method} over HTTP/2 is not turned into another`, async t => {
		const backend = await startScripted(t, ok);
		const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
		const client = await openRawHttp2(t, tunnel);
		client.send(frame.headers(1, request(method, '/page')));
		await client.next({type: 'HEADERS', stream: 1});
		t.is(backend.received.split('\r\n')[0], `${method} /page HTTP/1.1`);
	});
}
