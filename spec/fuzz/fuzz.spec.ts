import test from 'ava';
import {onLinux} from '../helpers/process.js';
import {fuzzCodec} from './codec.js';
import {fuzzSocket} from './socket.js';

// A few seconds of what `npm run fuzz` does for as long as one likes.

test.serial('changed messages are read the same way in pieces, and by Node', async t => {
	const {compared, refusedByNode} = await fuzzCodec(4, inputs => inputs >= 10_000);
	t.true(compared > 0);
	t.deepEqual(refusedByNode, {});
});

onLinux('a process that is sent changed messages lives on, and lets go of them', async t => {
	const {connections, memory} = await fuzzSocket(4, made => made >= 300);
	t.true(connections >= 300);
	t.true(memory[1] - memory[0] < 100 * 2 ** 20, memory.join(' to '));
});
