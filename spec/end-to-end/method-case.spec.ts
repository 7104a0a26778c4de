import {test} from '../helpers/lanes.js';
import {openRawHttp2} from '../helpers/raw-http2.js';
import {ok, startScripted} from '../helpers/scripted.js';
import {startTunnel} from '../helpers/tunnel.js';

for (const method of ['get', 'Get', 'post', 'head', 'delete']) {
	test(`the method ${method} over HTTP/2 is not turned into another`, async t => {
		const backend = await startScripted(t, ok);
		const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
		const client = await openRawHttp2(t, tunnel);
		client.headers(1, [
			[':method', method],
			[':scheme', 'https'],
			[':authority', 'localhost'],
			[':path', '/page'],
		]);
		await client.frame(({type, stream}) => type === 'headers' && stream === 1);
		t.is(backend.received.split('\r\n')[0], `${method} /page HTTP/1.1`);
	});
}
