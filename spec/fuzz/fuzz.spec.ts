import test from 'ava';
import {onLinux} from '../helpers/process.js';
import {fuzzCodec} from './codec.js';
import {fuzzSocket} from './socket.js';

// A few seconds of what `npm run fuzz` does for as long as one likes.

test.serial(
	'the codec reads changed messages the same way in pieces, and as Node does',
	async t => {
		const {compared} = await fuzzCodec(4, performance.now() + 3000);
		t.true(compared > 0);
	},
);

onLinux(
	'a process that is sent changed messages lives on, serves, and keeps no descriptors',
	async t => {
		const {connections, descriptors} = await fuzzSocket(4, performance.now() + 3000);
		t.true(connections > 0);
		t.true(descriptors <= 0);
	},
);
