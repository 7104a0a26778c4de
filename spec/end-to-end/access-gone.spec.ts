import {readFileSync} from 'node:fs';
import {type AddressInfo, connect as connectTcp, createServer, type Socket} from 'node:net';
import {connect as connectTls} from 'node:tls';
import type {ExecutionContext} from 'ava';
import {startBackend} from '../helpers/backend.js';
import {project, runIn} from '../helpers/configured.js';
import {fetchHttp1} from '../helpers/fetch.js';
import {onLinux} from '../helpers/process.js';
import {until} from '../helpers/until.js';

/** A relay that keeps back what the client sends once the server has said something. */
async function relayTo(t: ExecutionContext, port: number) {
	const kept: Buffer[] = [];
	let answered = false;
	let out: Socket | undefined;
	const relay = createServer(socket => {
		const there = connectTcp(port, '127.0.0.1');
		out = there;
		there.on('error', () => undefined);
		socket.on('error', () => undefined);
		there.on('data', chunk => {
			answered = true;
			socket.write(chunk);
		});
		socket.on('data', chunk => {
			answered ? kept.push(chunk) : there.write(chunk);
		});
		t.teardown(() => {
			socket.destroy();
			there.destroy();
		});
	}).listen(0, '127.0.0.1');
	t.teardown(() => relay.close());
	await until('the relay listens', () => relay.listening);
	return {
		port: (relay.address() as AddressInfo).port,
		/** Sends what was kept back, and resets the connection behind it. */
		release: () =>
			new Promise<void>(resolve =>
				out?.write(Buffer.concat(kept), () => {
					out?.resetAndDestroy();
					resolve();
				}),
			),
	};
}

onLinux('who has gone by the time that it is asked for its address is not let in', async t => {
	const asked: string[] = [];
	const backend = await startBackend(t, ({url}, response) => {
		asked.push(url ?? '');
		response.end('hello');
	});
	const route = (deny: string) => ({backend: backend.port, stripPrefix: false, deny});
	const routes = {'/open': route('address=203.0.113.7'), '/': route('address=127.0.0.1')};
	const sealport = runIn(t, project(t, {'sealport.config.json': {routes}}), [
		...['--port', '0', '--json'],
	]);
	const {port, ca} = await sealport.listening();
	const endpoint = {port, ca: readFileSync(ca ?? '', 'utf8')};
	t.is((await fetchHttp1(endpoint, '/private')).status, 403);

	// From now on a connection to the backend stands by: a request is with it as soon as it is let in.
	t.is((await fetchHttp1(endpoint, '/open')).status, 200);
	for (let round = 0; round < 5; round++) {
		const relay = await relayTo(t, port);
		const client = connectTls({
			...{port: relay.port, host: '127.0.0.1', servername: 'localhost', ca: endpoint.ca},
			ALPNProtocols: ['http/1.1'],
		});
		client.on('error', () => undefined);
		t.teardown(() => client.destroy());
		await new Promise(resolve => client.once('secureConnect', resolve));
		// Its request and its reset are both there when Sealport looks.
		sealport.child.kill('SIGSTOP');
		await new Promise(resolve =>
			client.write(`GET /private?${round} HTTP/1.1\r\nHost: localhost\r\n\r\n`, resolve),
		);
		await new Promise(resolve => setTimeout(resolve, 50));
		await relay.release();
		await new Promise(resolve => setTimeout(resolve, 50));
		sealport.child.kill('SIGCONT');
	}
	// What comes after them is answered after them.
	t.is((await fetchHttp1(endpoint, '/open')).status, 200);
	t.deepEqual(asked, ['/open', '/open']);
});
