import {setTimeout as pause} from 'node:timers/promises';
import {startRawBackend} from '../helpers/backend.js';
import {fetchEither} from '../helpers/either.js';
import {onLane} from '../helpers/lanes.js';
import {descriptors, onLinux} from '../helpers/process.js';
import {ok} from '../helpers/scripted.js';
import {startTunnel} from '../helpers/tunnel.js';
import {until} from '../helpers/until.js';

const wire = onLane('wire');

wire(
	'a backend without a route has no resting connections, and gets new ones when it is back',
	async t => {
		let opened = 0;
		const backend = await startRawBackend(t, socket => {
			opened++;
			socket.on('data', () => socket.write(ok));
		});
		const other = await startRawBackend(t, socket => socket.on('data', () => socket.write(ok)));
		const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
		t.is((await fetchEither(t, tunnel, 'HTTP/1.1')).status, 200);
		t.is(backend.open.size, 1);
		await tunnel.reload({routes: `127.0.0.1:${other.port}`, port: 0});
		const gone = performance.now();
		await until('the connection is closed', () => backend.open.size === 0);
		t.true(performance.now() - gone < 2000);
		t.is((await fetchEither(t, tunnel, 'HTTP/1.1')).status, 200);
		await tunnel.reload({routes: `127.0.0.1:${backend.port}`, port: 0});
		t.is((await fetchEither(t, tunnel, 'HTTP/1.1')).status, 200);
		t.is(opened, 2);
	},
);

wire('a backend that stays keeps its connections', async t => {
	const backend = await startRawBackend(t, socket => socket.on('data', () => socket.write(ok)));
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	await fetchEither(t, tunnel, 'HTTP/1.1');
	const [first] = backend.open;
	await tunnel.reload({routes: `127.0.0.1:${backend.port}`, port: 0, wait: 1});
	await pause(50);
	await fetchEither(t, tunnel, 'HTTP/1.1');
	t.deepEqual([...backend.open], [first]);
});

onLinux('a thousand reloads leave no descriptors behind', async t => {
	t.timeout(300_000);
	const backends = await Promise.all(
		[0, 1].map(() => startRawBackend(t, socket => socket.on('data', () => socket.write(ok)))),
	);
	const routes = (turn: number) => `127.0.0.1:${backends[turn % 2]?.port}`;
	const tunnel = await startTunnel(t, routes(0));
	await fetchEither(t, tunnel, 'HTTP/1.1');
	const before = descriptors(process.pid);
	for (let turn = 1; turn <= 1000; turn++) {
		await tunnel.reload({routes: routes(turn), port: 0});
		if (turn % 50 === 0) {
			t.is((await fetchEither(t, tunnel, 'HTTP/1.1')).status, 200);
		}
	}
	await until('no more is open than before', () => descriptors(process.pid) <= before + 4);
	t.pass();
});
