import {once} from 'node:events';
import {openHttp2} from '../helpers/fetch.js';
import {test} from '../helpers/lanes.js';
import {openTls} from '../helpers/raw-client.js';
import {startScripted} from '../helpers/scripted.js';
import {startTunnel} from '../helpers/tunnel.js';

const begun = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbegun\r\n';

test('HTTP/1.1: a response may begin, and both bodies go on, while the upload runs', async t => {
	const backend = await startScripted(t, begun);
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	const client = await openTls(t, tunnel);
	client.write(
		'POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n',
	);
	await client.until('begun');
	const connection = await backend.connection();
	client.write('3\r\ntwo\r\n');
	await connection.until('two');
	connection.write('4\r\nmore\r\n');
	await client.until('more');
	client.write('0\r\n\r\n');
	await connection.until('0\r\n\r\n');
	connection.write('0\r\n\r\n');
	t.true(
		(await client.until(/more\r\n0\r\n\r\n/)).endsWith('5\r\nbegun\r\n4\r\nmore\r\n0\r\n\r\n'),
	);
});

test('HTTP/2: the same', async t => {
	const backend = await startScripted(t, begun);
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	const stream = (await openHttp2(t, tunnel)).request({':method': 'POST', ':path': '/'});
	stream.setEncoding('latin1');
	stream.write('one');
	t.deepEqual(await once(stream, 'data'), ['begun']);
	const connection = await backend.connection();
	stream.write('two');
	await connection.until('two');
	connection.write('4\r\nmore\r\n');
	t.deepEqual(await once(stream, 'data'), ['more']);
	stream.end();
	await connection.until('0\r\n\r\n');
	connection.write('0\r\n\r\n');
	stream.resume();
	await once(stream, 'end');
	t.is(stream.rstCode, 0);
});

test('HTTP/1.1: after an early response the rest of the upload still arrives, and the next request as well', async t => {
	const early = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nearly';
	const backend = await startScripted(t, async connection => {
		await connection.until(/one|next/);
		connection.write(early);
		await connection.until('/next');
		connection.write(early);
	});
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	const client = await openTls(t, tunnel);
	client.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6\r\n\r\none');
	await client.until('early');
	client.write('two');
	const connection = await backend.connection();
	await connection.until('onetwo');
	client.write('GET /next HTTP/1.1\r\nHost: localhost\r\n\r\n');
	await client.until(/early[\s\S]*early/);
	t.regex(backend.received, /GET \/next HTTP/);
});
