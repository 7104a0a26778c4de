import test from 'ava';
import {requestBlock} from '../../../../../lib/forward/wire/http2/upstream/request-block.js';
import {readBlock} from '../../../../helpers/http2/read-block.js';

test('a head becomes fields, without what belongs to a connection of HTTP/1.1', t => {
	const head = Buffer.from(
		'POST /a?b=%20 HTTP/1.1\r\nHost: localhost:62893\r\nX-Mixed: Case\r\nX-Mixed: \xfc\r\nTransfer-Encoding: chunked\r\nTE: trailers\r\nTrailer: X-Sum\r\nContent-Type: text/plain\r\n\r\n',
		'latin1',
	);
	t.deepEqual(readBlock(requestBlock(head).block), [
		[':method', 'POST'],
		[':scheme', 'http'],
		[':authority', 'localhost:62893'],
		[':path', '/a?b=%20'],
		['x-mixed', 'Case'],
		['x-mixed', '\xfc'],
		['te', 'trailers'],
		['trailer', 'X-Sum'],
		['content-type', 'text/plain'],
	]);
});

test('TE other than trailers has no place', t => {
	const head = Buffer.from('GET / HTTP/1.1\r\nHost: a\r\nTE: gzip, trailers\r\n\r\n');
	t.false(readBlock(requestBlock(head).block).some(([name]) => name === 'te'));
});

test('a WebSocket is asked for by extended CONNECT', t => {
	const head = Buffer.from(
		'GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
	);
	const {block, acceptKey} = requestBlock(head);
	// RFC 6455 section 1.3
	t.is(acceptKey, 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
	t.deepEqual(readBlock(block), [
		[':method', 'CONNECT'],
		[':protocol', 'websocket'],
		[':scheme', 'http'],
		[':authority', 'a'],
		[':path', '/chat'],
		['sec-websocket-version', '13'],
	]);
});

test('a head that comes again is not written again', t => {
	const head = Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
	t.is(requestBlock(head), requestBlock(head));
});
