import {setTimeout as pause} from 'node:timers/promises';
import ava from 'ava';
import {startBackend} from '../helpers/backend.js';
import {openHttp2} from '../helpers/fetch.js';
import {onLane} from '../helpers/lanes.js';
import {openTls} from '../helpers/raw-client.js';
import {startTunnel} from '../helpers/tunnel.js';
import {until} from '../helpers/until.js';
import {onHttp2} from '../helpers/versions.js';

const requests = 1000;
const body = Buffer.alloc(100_000, 'b');

// Node's server has all requests answered that it finds in what it reads at once.
onLane('wire')(
	'the backend is asked for nothing more by a client that reads no response',
	async t => {
		let asked = 0;
		const {port} = await startBackend(t, (_request, response) => {
			asked++;
			response.end(body);
		});
		const client = await openTls(t, await startTunnel(t, port));
		client.socket.pause();
		client.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(requests));
		let before = -1;
		await until('the backend is asked for nothing more', async () => {
			const known = before;
			before = asked;
			await pause(500);
			return asked > 0 && asked === known;
		});
		t.true(asked < requests / 2, `${asked} of ${requests} requests have reached the backend`);
		let received = 0;
		client.socket.on('data', (chunk: Buffer) => {
			received += chunk.length;
		});
		client.socket.resume();
		await until('all responses have come', () => received > requests * body.length, 60_000);
		t.is(asked, requests);
	},
);

onHttp2(ava)('the same over HTTP/2, of streams that are open at once', async t => {
	let asked = 0;
	const {port} = await startBackend(t, (_request, response) => {
		asked++;
		response.end(body);
	});
	const session = await openHttp2(t, await startTunnel(t, port));
	const streams = Array.from({length: requests}, () => session.request({':path': '/'}));
	let before = -1;
	await until('the backend is asked for nothing more', async () => {
		const known = before;
		before = asked;
		await pause(500);
		return asked > 0 && asked === known;
	});
	t.true(asked < requests / 2, `${asked} of ${requests} requests have reached the backend`);
	const bodies = streams.map(async stream => {
		let received = 0;
		for await (const chunk of stream) {
			received += (chunk as Buffer).length;
		}
		return received;
	});
	t.true((await Promise.all(bodies)).every(received => received === body.length));
	t.is(asked, requests);
});
