import test from 'ava';
import {Malformed} from '../../../../lib/forward/wire/codec/octets.js';
import {ResponseReader} from '../../../../lib/forward/wire/upstream/response-reader.js';
import {splits} from '../splits.js';
import {Recorder, readResponse} from './recorder.js';

const go = 'HTTP/1.1 100 Continue\r\n\r\n';
const hints = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n';
const response = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const switching = 'HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n';

test('informational responses come before the response, however they are split', t => {
	for (const parts of splits(`${go}${hints}${hints}${response}`)) {
		const {sink, done, reusable, passed} = readResponse(new ResponseReader(), parts);
		t.deepEqual(sink.informed, [go, hints, hints]);
		t.is(sink.status, 200);
		t.is(passed, 'ok');
		t.true(done && reusable);
	}
});

test('an informational response has no body, whatever it says', t => {
	const odd = 'HTTP/1.1 103 X\r\nContent-Length: 5\r\n\r\n';
	const {sink, passed} = readResponse(new ResponseReader(), [Buffer.from(odd + response)]);
	t.deepEqual(sink.informed, [odd]);
	t.is(passed, 'ok');
});

test('an informational response leaves the request waiting', t => {
	const reader = new ResponseReader();
	t.false(readResponse(reader, [Buffer.from(go)]).done);
	t.true(reader.begun);
	t.false(reader.ended());
});

test('a flood of informational responses is refused, at once or one by one', t => {
	const parts = Array.from({length: 100}, () => Buffer.from(go));
	const most = readResponse(new ResponseReader(), [...parts, Buffer.from(response)]);
	t.is(most.sink.informed.length, 100);
	t.true(most.done);
	const over = [...parts, Buffer.from(go)];
	t.throws(() => readResponse(new ResponseReader(), over), {instanceOf: Malformed});
	t.throws(() => readResponse(new ResponseReader(), [Buffer.concat(over)]), {
		instanceOf: Malformed,
	});
});

test('informational responses are counted for each request', t => {
	const reader = new ResponseReader();
	for (let time = 0; time < 3; time++) {
		t.true(readResponse(reader, [Buffer.from(go.repeat(60) + response)]).done);
	}
});

test('after 101 every byte belongs to the tunnel, however it is split', t => {
	for (const parts of splits(`${hints}${switching}HTTP/1.1 200 OK\r\n\r\n`)) {
		const reader = new ResponseReader();
		const {sink, done, reusable, passed} = readResponse(reader, parts);
		t.is(sink.status, 101);
		t.is(sink.heads[0]?.bytes.toString(), switching);
		t.is(sink.tunnel, 'HTTP/1.1 200 OK\r\n\r\n');
		t.deepEqual(sink.informed, [hints]);
		t.is(passed, '');
		t.true(done && reader.switched && !reusable);
	}
});

test('who cannot take more is waited for', t => {
	const heads = [response, switching + response, 'HTTP/1.1 200 OK\r\n\r\nx'];
	heads.push('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n');
	for (const head of heads) {
		for (const unchunk of [false, true]) {
			for (const goOn of [true, false]) {
				const reader = new ResponseReader();
				const sink = new Recorder();
				sink.goOn = goOn;
				reader.expect({method: 'GET', unchunk}, sink);
				t.is(reader.read(Buffer.from(head)), goOn);
				if (!reader.done) {
					t.is(reader.read(Buffer.from('1\r\nx\r\n')), goOn);
				}
			}
		}
	}
});
