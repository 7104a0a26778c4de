import {setImmediate as turn} from 'node:timers/promises';
import test from 'ava';
import {parseBackend} from '../../lib/backend/address.js';
import {createDialer} from '../../lib/backend/dial.js';
import {startRawBackend} from '../helpers/backend.js';

test('a process that is busy for a while does not take its backend for dead', async t => {
	const {port} = await startRawBackend(t, () => undefined);
	const dialer = createDialer({wait: 0, connect: 10_000});
	const dialled = dialer.dial(parseBackend(port), new AbortController().signal);
	await turn();
	// Whatever happens on the machine, the answer is there before anybody here can look.
	Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600);
	const socket = await dialled;
	t.is(socket.remotePort, port);
	socket.destroy();
});
