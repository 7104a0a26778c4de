import {randomBytes, randomUUID} from 'node:crypto';
import {rmSync, writeFileSync} from 'node:fs';
import type {Socket} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import ava, {type ExecutionContext} from 'ava';
import {startBackend, startRawBackend} from '../helpers/backend.js';
import {writeBulk} from '../helpers/bulk.js';
import {laneOf, onEachLane} from '../helpers/lanes.js';
import {needs} from '../helpers/programs.js';
import {openTls} from '../helpers/raw-client.js';
import {run} from '../helpers/run.js';
import {startTunnel} from '../helpers/tunnel.js';
import {until} from '../helpers/until.js';
import {wrap} from '../helpers/wrapped.js';

const size = 50 * 2 ** 20;
/** What is uploaded. */
const file = join(tmpdir(), `sealport-upload-${randomUUID()}`);
writeFileSync(file, randomBytes(size));
process.on('exit', () => rmSync(file, {force: true}));

const refusal =
	'HTTP/1.1 413 Content Too Large\r\nContent-Length: 13\r\nX-Own: 1\r\n\r\nnot so much\r\n';
const closing = refusal.replace('X-Own', 'Connection: close\r\nX-Own');

/** What a backend does that refuses an upload of which it has seen the head. */
const manners: Readonly<Record<string, (socket: Socket) => void>> = {
	'goes on reading': socket => {
		socket.write(refusal);
		socket.resume();
	},
	'says that it closes, and reads to the end': socket => {
		socket.write(closing);
		socket.resume();
	},
	'ends its side, and reads to the end': socket => {
		socket.end(closing);
		socket.resume();
	},
	// Its kernel resets the connection, for there is more than it has read.
	closes: socket => {
		socket.pause();
		socket.end(closing, () => socket.destroy());
	},
	'reads no more, and closes a while later': socket => {
		socket.pause();
		socket.write(refusal, () => setTimeout(() => socket.destroy(), 500));
	},
};

async function startRefusing(t: ExecutionContext, refuse: (socket: Socket) => void) {
	let refused = 0;
	const {port} = await startRawBackend(t, socket => {
		let head = '';
		const look = (chunk: Buffer) => {
			head += chunk.toString('latin1');
			if (!head.includes('\r\n\r\n')) {
				return;
			}
			socket.off('data', look);
			if (head.startsWith('GET')) {
				socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok');
			} else {
				refused++;
				refuse(socket);
			}
		};
		socket.on('data', look);
	});
	return {port, refused: () => refused};
}

for (const [what, refuse] of Object.entries(manners)) {
	for (const flag of ['--http1.1', '--http2']) {
		onEachLane(needs('curl'))(
			`curl ${flag} that sends 50 MiB sees the 413 of a backend that ${what}`,
			async t => {
				t.timeout(170_000);
				const backend = await startRefusing(t, refuse);
				const {url, caFile} = await wrap(t, backend.port);
				const upload = () =>
					run('curl', [
						...['-sS', '--noproxy', '*', '--cacert', caFile, flag, '--max-time', '150'],
						// It would ask before it sends so much.
						...['--header', 'Expect:', '--data-binary', `@${file}`],
						...['--write-out', '%{http_code}', url],
					]);
				// Node destroys a socket that it cannot write to, and with it what had come and was not read: where
				// the backend resets, whether its response is seen first is a race, and mostly won by the wire lane.
				const isRace = what === 'closes';
				let {stdout, stderr} = await upload();
				let uploads = 1;
				while (isRace && laneOf(t) === 'wire' && /\n502$/.test(stdout) && uploads < 5) {
					({stdout, stderr} = await upload());
					uploads++;
				}
				if (isRace && laneOf(t) === 'message') {
					t.regex(stdout, /not so much\r\n413$|\n502$/, stderr);
				} else {
					t.is(stdout, 'not so much\r\n413', stderr);
				}
				t.is(backend.refused(), uploads);
				const next = await run('curl', ['-sS', '--noproxy', '*', '--cacert', caFile, flag, url]);
				t.is(next.stdout, 'ok', next.stderr);
			},
		);
	}
}

onEachLane(ava)(
	'a client that sends all of 50 MiB before it reads finds the 413, and its connection in order',
	async t => {
		const {port, server} = await startBackend(t, (request, response) => {
			request.resume();
			response.statusCode = request.method === 'POST' ? 413 : 200;
			response.end(request.method === 'POST' ? 'not so much\r\n' : 'next');
		});
		// It is not to give up a connection on which nothing comes while this process is busy.
		server.keepAliveTimeout = 0;
		const tunnel = await startTunnel(t, `127.0.0.1:${port}`);
		const client = await openTls(t, tunnel);
		client.socket.pause();
		client.write(`POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${size}\r\n\r\n`);
		await writeBulk(client.socket, size);
		await until('all of it is sent', () => client.socket.writableLength === 0);
		client.socket.resume();
		t.regex(await client.until('not so much\r\n'), /^HTTP\/1\.1 413 /);
		if (!/^connection: close\r$/im.test(client.received)) {
			client.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
			await client.until(/ 200 OK[\s\S]*next/);
		}
	},
);
