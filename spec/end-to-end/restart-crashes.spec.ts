import test from 'ava';
import {startRawBackend} from '../helpers/backend.js';
import {onLane} from '../helpers/lanes.js';
import {startTunnel} from '../helpers/tunnel.js';
import {fetchAs, onEachVersion} from '../helpers/versions.js';

onEachVersion(test, declare => onLane('wire', declare))(
	'a request that ends its backend is sent to it three times at most',
	async t => {
		let asked = 0;
		const backend = await startRawBackend(t, socket => {
			socket.on('error', () => undefined);
			socket.on('data', () => {
				asked++;
				// A process needs a while to die of a request.
				setTimeout(() => socket.destroy(), 20);
			});
		});
		const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`, {wait: 10});
		t.is((await fetchAs(t, tunnel, '/')).status, 502);
		t.is(asked, 3);
	},
);
