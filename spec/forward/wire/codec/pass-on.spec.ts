import test from 'ava';
import {membersOf, readFields} from '../../../../lib/forward/wire/codec/fields.js';
import {known} from '../../../../lib/forward/wire/codec/known-names.js';
import {Malformed} from '../../../../lib/forward/wire/codec/octets.js';
import {
	isConnectionLevel,
	linesWithout,
	requestTrailers,
	responseTrailers,
} from '../../../../lib/forward/wire/codec/pass-on.js';

function parse(lines: string) {
	const bytes = Buffer.from(`GET / HTTP/1.1\r\n${lines}\r\nbody`, 'latin1');
	return {bytes, fields: readFields(bytes, 16, bytes.length - 4, 100)};
}

function without(lines: string, drops: (name: string) => boolean) {
	const {bytes, fields} = parse(lines);
	return linesWithout(bytes, fields, ({start, nameEnd}) =>
		drops(bytes.toString('latin1', start, nameEnd)),
	);
}

function endToEnd(lines: string, upgrading = false) {
	const {bytes, fields} = parse(lines);
	const connection = membersOf(bytes, fields, known.connection);
	return linesWithout(bytes, fields, isConnectionLevel(bytes, connection, upgrading));
}

test('lines that are not dropped stay as they came, wherever those lie that are', t => {
	const lines = ['A:1 \r\n', 'b:  \xe9\r\n', 'A: 1\r\n', 'd:\r\n'];
	for (let mask = 0; mask < 16; mask++) {
		let index = 0;
		const left = without(lines.join(''), () => (mask & (1 << index++)) !== 0);
		t.is(left, lines.filter((_, line) => (mask & (1 << line)) === 0).join(''));
	}
	t.is(
		without('', () => true),
		'',
	);
});

test('what belongs to one connection ends with it, and with what Connection names', t => {
	const lines =
		'A: 1\r\nCONNECTION: close, X-Hop\r\nKeep-Alive: 5\r\nProxy-Connection: a\r\nTE: trailers\r\nUpgrade: h2c\r\nHTTP2-Settings: a\r\nx-hop: 1\r\nX-Hop-Not: 2\r\n';
	t.is(endToEnd(lines), 'A: 1\r\nX-Hop-Not: 2\r\n');
});

test('Connection cannot name away where a message goes and where it ends', t => {
	const kept =
		'Host: a\r\nContent-Length: 1\r\nTrailer: x\r\nTransfer-Encoding: chunked\r\nClose: a\r\n';
	const named = 'host, content-length, trailer, transfer-encoding, close';
	t.is(endToEnd(`${kept}Connection: ${named}\r\n`), kept);
});

test('a message that switches protocols keeps Upgrade', t => {
	const lines = 'Connection: Upgrade, X-Hop\r\nUpgrade: websocket\r\nX-Hop: 1\r\n';
	t.is(endToEnd(lines, true), 'Upgrade: websocket\r\n');
	t.is(endToEnd(lines, false), '');
});

test('trailers of a response go on without what is not for trailers', t => {
	const {bytes, fields} = parse(
		'A: 1\r\nConnection: close\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nHost: a\r\nTrailer: x\r\nx-forwarded-for: b\r\nB: 2\r\n',
	);
	t.is(responseTrailers(bytes, fields), 'A: 1\r\nx-forwarded-for: b\r\nB: 2\r\n');
});

test('trailers of a request do not say whom it is from either', t => {
	const {bytes, fields} = parse(
		'A: 1\r\nX-Forwarded-For: b\r\nx-forwarded-proto: c\r\nX-Forwarded-Host: d\r\nX-Forwarded-Port: 1\r\nHost: a\r\nTE: x\r\nUpgrade: y\r\nB: 2\r\n',
	);
	t.is(requestTrailers(bytes, fields), 'A: 1\r\nB: 2\r\n');
});

test('refused: trailers of a request that say how it is framed', t => {
	for (const line of ['Content-Length: 5\r\n', 'TRANSFER-ENCODING: chunked\r\n']) {
		const {bytes, fields} = parse(`A: 1\r\n${line}`);
		t.throws(() => requestTrailers(bytes, fields), {instanceOf: Malformed});
	}
});
