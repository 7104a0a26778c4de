import {startBackend} from '../helpers/backend.js';
import {onEachLane, test} from '../helpers/lanes.js';
import {needs} from '../helpers/programs.js';
import {openTls} from '../helpers/raw-client.js';
import {run} from '../helpers/run.js';
import {startTunnel} from '../helpers/tunnel.js';
import {wrap} from '../helpers/wrapped.js';

test('a client that offers http/1.0 and nothing else by ALPN gets its answer', async t => {
	const backend = await startBackend(t, (_request, response) => response.end('hello'));
	const tunnel = await startTunnel(t, backend.port);
	const client = await openTls(t, tunnel, 'http/1.0');
	client.write('GET / HTTP/1.0\r\nHost: localhost\r\n\r\n');
	t.regex(await client.closed(), /^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\nhello$/);
});

onEachLane(needs('curl'))('curl --http1.0 gets its answer', async t => {
	const backend = await startBackend(t, (_request, response) => response.end('hello'));
	const {url, caFile} = await wrap(t, backend.port);
	const curl = ['-sS', '--http1.0', '--noproxy', '*', '--cacert', caFile, url];
	const {code, stdout, stderr} = await run('curl', curl);
	t.is(stdout, 'hello', stderr);
	t.is(code, 0);
});
