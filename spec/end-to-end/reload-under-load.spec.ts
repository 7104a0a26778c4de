import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {createServer} from 'node:http';
import {request} from 'node:https';
import type {AddressInfo} from 'node:net';
import {text} from 'node:stream/consumers';
import {setTimeout as pause} from 'node:timers/promises';
import type {ExecutionContext} from 'ava';
import {WebSocket, WebSocketServer} from 'ws';
import {needs} from '../helpers/programs.js';
import {startTunnel} from '../helpers/tunnel.js';
import {until} from '../helpers/until.js';

const reloads = 100;

/** A backend that says which one it is: to a request, to a WebSocket, and as an event whenever it is told to. */
async function startNamed(t: ExecutionContext, name: string) {
	const streams = new Set<{write(text: string): unknown}>();
	const server = createServer((request, response) => {
		if (request.url === '/events') {
			response.writeHead(200, {'content-type': 'text/event-stream'});
			response.write('data: open\n\n');
			streams.add(response);
		} else {
			response.end(name);
		}
	});
	new WebSocketServer({server}).on('connection', socket => {
		socket.on('message', message => socket.send(`${name} ${message}`));
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	t.teardown(() => {
		server.closeAllConnections();
		server.close();
	});
	return {
		route: `127.0.0.1:${(server.address() as AddressInfo).port}`,
		tell: () => [...streams].map(stream => stream.write(`data: ${name}\n\n`)),
	};
}

const loads = {
	wrk: ['-t1', '-c8', '-d300s', '--timeout', '60s'],
	h2load: ['-n5000', '-c4', '-m8'],
};

for (const program of ['wrk', 'h2load'] as const) {
	needs(program)(`no request of ${program} fails during ${reloads} reloads`, async t => {
		t.timeout(300_000);
		const [first, ...others] = await Promise.all(
			['first', 'second', 'third'].map(name => startNamed(t, name)),
		);
		const tunnel = await startTunnel(t, first?.route ?? '');
		const {port, ca} = tunnel;
		const socket = new WebSocket(`wss://localhost:${port}/`, {ca: ca ?? ''});
		await once(socket, 'open');
		let heard = '';
		const events = request({host: 'localhost', port, ca, path: '/events', agent: false}, response =>
			response.setEncoding('utf8').on('data', chunk => {
				heard += chunk;
			}),
		);
		events.end();
		t.teardown(() => {
			socket.terminate();
			events.destroy();
		});
		await until('the event stream is open', () => heard !== '');

		let isOver = false;
		const load = async () => {
			for (let summary = ''; !isOver; ) {
				const child = spawn(program, [...loads[program], `https://localhost:${port}/`]);
				t.teardown(() => child.kill('SIGKILL'));
				stop = () => program === 'wrk' && child.kill('SIGINT');
				summary = await text(child.stdout);
				program === 'wrk'
					? t.notRegex(summary, /Socket errors|Non-2xx/, summary)
					: t.regex(summary, /5000 succeeded, 0 failed, 0 errored, 0 timeout[\s\S]* 5000 2xx/);
			}
		};
		let stop: () => unknown = () => undefined;
		const loading = load();
		await pause(300);
		for (let turn = 0; turn < reloads; turn++) {
			const routes = others[turn % 2]?.route ?? '';
			const names = turn % 3 === 0 ? ['app.localhost'] : [];
			await tunnel.reload({routes, port: 0, names, wait: turn % 5});
			await pause(20);
		}
		isOver = true;
		stop();
		await loading;

		first?.tell();
		await until('the stream is served by whom it began with', () =>
			heard.endsWith('data: first\n\n'),
		);
		socket.send('hello');
		const [message] = await once(socket, 'message');
		t.is(String(message), 'first hello');
		t.is(tunnel.port, port);
	});
}
