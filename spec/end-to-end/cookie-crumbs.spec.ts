import {openRawHttp2} from '../helpers/http2/client.js';
import {get} from '../helpers/http2/fields.js';
import {frame} from '../helpers/http2/frames.js';
import {onLane, test} from '../helpers/lanes.js';
import {ok, startScripted} from '../helpers/scripted.js';
import {startTunnel} from '../helpers/tunnel.js';

test('cookies that HTTP/2 splits reach the backend as one line', async t => {
	const backend = await startScripted(t, ok);
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	const client = await openRawHttp2(t, tunnel);
	const crumbs = get(
		'/',
		['cookie', 'a=1'],
		['x-between', 'yes'],
		['cookie', 'b=2; c=3'],
		['cookie', 'd=4'],
	);
	client.send(frame.headers(1, crumbs));
	await client.response(1);
	t.deepEqual(backend.received.match(/^cookie: .*$/gim), ['cookie: a=1; b=2; c=3; d=4']);
	t.regex(backend.received, /\r\nx-between: yes\r\n/);
});

// The message lane lets Node count fields.
onLane('wire')('more crumbs than there may be fields are one field', async t => {
	const backend = await startScripted(t, ok);
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	const client = await openRawHttp2(t, tunnel);
	const crumbs = Array.from({length: 300}, (_, at) => ['cookie', `name${at}=value`] as const);
	client.send(frame.headers(1, get('/', ...crumbs)));
	t.is((await client.response(1)).status, 200);
	t.regex(backend.received, /^cookie: name0=value; .*; name299=value\r$/m);
});
