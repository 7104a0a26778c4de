import test from 'ava';
import {laneNames} from '../../lib/config/options.js';
import {stageFor} from '../helpers/hostile-cases.js';
import {openTls} from '../helpers/raw-client.js';
import {readRequests, valuesIn} from '../helpers/read-messages.js';

const set = {
	'x-forwarded-for': '127.0.0.1',
	'x-forwarded-proto': 'https',
	'x-forwarded-host': 'localhost',
	'x-forwarded-port': '443',
};

const namings = [
	'X-Forwarded-For',
	'x-forwarded-for, X-FORWARDED-PROTO, X-Forwarded-Host, x-forwarded-port',
	'close, X-Forwarded-For',
	'keep-alive, X-Forwarded-Proto',
	'Upgrade, X-Forwarded-Host',
	'X-Forwarded-For\r\nConnection: X-Forwarded-Host',
	', ,X-Forwarded-For,,',
	'Host',
	'Content-Length',
	'content-length, host, x-forwarded-for',
	'Transfer-Encoding',
	'Trailer',
	'Connection',
];

for (const lane of laneNames) {
	const stageOf = stageFor(lane);

	for (const naming of namings) {
		const shown = JSON.stringify(naming);

		test.serial(
			`${lane}: Connection: ${shown} takes nothing away that the request needs`,
			async t => {
				const stage = stageOf();
				stage.takeReceived();
				const client = await openTls(t, stage.tunnel);
				client.write(
					`POST /a HTTP/1.1\r\nHost: localhost\r\nConnection: ${naming}\r\nX-Forwarded-For: 6.6.6.6\r\nContent-Length: 6\r\n\r\n{"a":1`,
				);
				await client.until('\r\n\r\nok');
				const {messages, rest} = readRequests(stage.takeReceived());
				t.is(rest, '');
				t.is(messages.length, 1);
				const {fields = [], body} = messages[0] ?? {};
				t.is(body, '{"a":1');
				t.deepEqual(valuesIn(fields, 'host'), ['localhost']);
				t.deepEqual(valuesIn(fields, 'content-length'), ['6']);
				for (const [name, value] of Object.entries(set)) {
					t.deepEqual(valuesIn(fields, name), [value], name);
				}
				t.notRegex(
					valuesIn(fields, 'connection').join(),
					/forwarded|host|content|transfer|trailer/i,
				);
				client.socket.destroy();
			},
		);

		test.serial(`${lane}: Connection: ${shown} leaves a chunked body chunked`, async t => {
			const stage = stageOf();
			stage.takeReceived();
			const client = await openTls(t, stage.tunnel);
			client.write(
				`POST /a HTTP/1.1\r\nHost: localhost\r\nConnection: ${naming}\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n`,
			);
			await client.until('\r\n\r\nok');
			const {messages, rest} = readRequests(stage.takeReceived());
			t.is(rest, '');
			t.is(messages.length, 1);
			t.is(messages[0]?.framing, 'chunks');
			t.is(messages[0]?.body, 'hi');
			client.socket.destroy();
		});
	}
}
