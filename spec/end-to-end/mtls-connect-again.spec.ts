import {once} from 'node:events';
import {connect} from 'node:http2';
import {fetchHttp2} from '../helpers/fetch.js';
import {test} from '../helpers/lanes.js';
import {openGuarded} from '../helpers/mtls/stage.js';
import {openTls} from '../helpers/raw-client.js';

// Browsers keep a connection for as long as it is open: with a certificate at last, they would be refused on.

test('HTTP/1.1: who is refused for a certificate has to connect again', async t => {
	const {tunnel, seen} = await openGuarded(t);
	const client = await openTls(t, tunnel);
	client.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nhi');
	const answer = await client.closed();
	t.regex(answer, /^HTTP\/1\.1 403 /);
	t.regex(answer, /\r\nConnection: close\r\n/i);
	t.deepEqual(seen, []);
});

test('HTTP/2: and what it has asked meanwhile is answered', async t => {
	const {tunnel, clients, seen} = await openGuarded(t);
	const session = connect(tunnel.url, {ca: tunnel.ca ?? '', ...clients.bob});
	t.teardown(() => session.destroy());
	const closed = once(session, 'close');
	const all = await Promise.all(
		Array.from({length: 10}, () => fetchHttp2(session, {':path': '/'}, 'hi')),
	);
	for (const {status, body} of all) {
		t.is(status, 403);
		t.regex(body, /is for "bob"/);
	}
	await closed;
	t.deepEqual(seen, []);
	t.is(tunnel.refusals.get('mtls'), 10);
});
