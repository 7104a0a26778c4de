import {setTimeout as pause} from 'node:timers/promises';
import {startBackend} from '../helpers/backend.js';
import {onLane} from '../helpers/lanes.js';
import {openTls} from '../helpers/raw-client.js';
import {startTunnel} from '../helpers/tunnel.js';
import {until} from '../helpers/until.js';

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
