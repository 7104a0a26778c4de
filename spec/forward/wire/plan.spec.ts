import test from 'ava';
import {ProxyError, type ProxyErrorCode} from '../../../lib/errors.js';
import type {Snapshot} from '../../../lib/forward/seams.js';
import {readRequestHead} from '../../../lib/forward/wire/codec/request-head.js';
import {prepare} from '../../../lib/forward/wire/downstream/prepared.js';
import {clientAt, snapshotOf} from './snapshot.js';

const plain = snapshotOf();

function plan(text: string, snapshot: Snapshot = plain, address = '127.0.0.1') {
	const head = readRequestHead(Buffer.from(text, 'latin1'), 100);
	const prepared = prepare(head, snapshot, clientAt(address));
	if (prepared.plan instanceof ProxyError) {
		throw prepared.plan;
	}
	return prepared;
}

const outgoing = (...args: Parameters<typeof plan>) => plan(...args).outgoing.toString('latin1');

/** What is said of a client at 127.0.0.1 that asked for `host`. */
const forwarded = (host: string, port = 443) =>
	`X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: ${host}\r\nX-Forwarded-Port: ${port}\r\n\r\n`;

test('a head goes on as it came, and what is known of the client behind it', t => {
	const lines = 'b:1 \r\nHOST: a:62893\r\nB:  \xe9\r\ncookie: x\r\nCookie: y\r\n';
	t.is(
		outgoing(`GET /a//b/../%7e?c HTTP/1.1\r\n${lines}\r\n`),
		`GET /a//b/../%7e?c HTTP/1.1\r\n${lines}${forwarded('a:62893', 62_893)}`,
	);
});

test('a head without a port in its Host came to port 443', t => {
	t.true(outgoing('GET / HTTP/1.1\r\nHost: a\r\n\r\n').endsWith(forwarded('a')));
});

test('what the client says of itself is replaced, in whatever casing, and however often', t => {
	t.is(
		outgoing(
			'GET / HTTP/1.1\r\nx-forwarded-for: 1.2.3.4\r\nHost: a\r\nX-FORWARDED-FOR: b\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Host: c\r\nX-Forwarded-Port: 1\r\nForwarded: d\r\n\r\n',
		),
		`GET / HTTP/1.1\r\nHost: a\r\nForwarded: d\r\n${forwarded('a')}`,
	);
});

test('a client cannot have taken away what is set here', t => {
	t.is(
		outgoing('GET / HTTP/1.1\r\nHost: a\r\nConnection: X-Forwarded-For, host, b\r\nB: 1\r\n\r\n'),
		`GET / HTTP/1.1\r\nHost: a\r\n${forwarded('a')}`,
	);
});

test('HTTP/1.0 goes on as HTTP/1.1, without its wish to keep the connection', t => {
	t.is(
		outgoing('GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\nKeep-Alive: 5\r\n\r\n'),
		`GET / HTTP/1.1\r\nHost: a\r\n${forwarded('a')}`,
	);
});

test('framing stays as it is', t => {
	const heads = ['Content-Length: 0005', 'transfer-encoding: CHUNKED\r\nTrailer: a'];
	for (const framing of heads) {
		const lines = `Host: a\r\n${framing}\r\n`;
		t.is(outgoing(`PUT / HTTP/1.1\r\n${lines}\r\n`), `PUT / HTTP/1.1\r\n${lines}${forwarded('a')}`);
	}
});

test('a request for another protocol keeps what asks for it, and no other word in Connection', t => {
	t.is(
		outgoing(
			'GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, upgrade, B\r\nUpgrade: websocket\r\nB: 1\r\n\r\n',
		),
		`GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${forwarded('a')}`,
	);
	t.is(
		outgoing('GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n'),
		`GET / HTTP/1.1\r\nHost: a\r\n${forwarded('a')}`,
	);
});

test('a base goes before the path, and not before an asterisk', t => {
	const based = snapshotOf({base: '/base'});
	t.regex(outgoing('GET /a HTTP/1.1\r\nHost: a\r\n\r\n', based), /^GET \/base\/a HTTP/);
	const any = snapshotOf({base: '/base', path: ''});
	t.regex(outgoing('OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n', any), /^OPTIONS \* HTTP/);
});

test('an absolute target becomes a path', t => {
	t.regex(outgoing('GET http://a/b?c HTTP/1.1\r\nHost: a\r\n\r\n'), /^GET \/b\?c HTTP/);
	t.regex(outgoing('GET https://a HTTP/1.1\r\nHost: a\r\n\r\n'), /^GET \/ HTTP/);
});

const refused: Record<string, [code: ProxyErrorCode, head: string]> = {
	'no Host': ['request-malformed', 'GET / HTTP/1.1\r\n'],
	'no Host in HTTP/1.0': ['request-malformed', 'GET / HTTP/1.0\r\n'],
	'an empty Host': ['request-malformed', 'GET / HTTP/1.1\r\nHost:\r\n'],
	'two Hosts': ['request-malformed', 'GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n'],
	'a list of Hosts': ['request-malformed', 'GET / HTTP/1.1\r\nHost: a, b\r\n'],
	'a user in Host': ['request-malformed', 'GET / HTTP/1.1\r\nHost: u@a\r\n'],
	'a space in Host': ['request-malformed', 'GET / HTTP/1.1\r\nHost: a b\r\n'],
	'another Host in the target': ['request-malformed', 'GET http://b/ HTTP/1.1\r\nHost: a\r\n'],
	'a target that is no path': ['request-malformed', 'GET a HTTP/1.1\r\nHost: a\r\n'],
	'an asterisk for GET': ['request-malformed', 'GET * HTTP/1.1\r\nHost: a\r\n'],
	CONNECT: ['method-refused', 'CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n'],
	'no route': ['route-missing', 'GET /b HTTP/1.1\r\nHost: a\r\n'],
	'a name that is not served': ['name-not-served', 'GET /a HTTP/1.1\r\nHost: evil.example\r\n'],
	'a name that is not served, on no route': [
		'name-not-served',
		'GET /b HTTP/1.1\r\nHost: evil.example\r\n',
	],
};

for (const [what, [code, head]] of Object.entries(refused)) {
	test(`refused: ${what}`, t => {
		const refuse = (host: string) =>
			host === 'evil.example' ? new ProxyError('name-not-served', 'downstream', 'no') : undefined;
		t.throws(() => plan(`${head}\r\n`, snapshotOf({path: '/a', refuse})), {
			instanceOf: ProxyError,
			code,
		});
	});
}
