import test from 'ava';
import {onLinux} from '../helpers/process.js';
import {fuzzCodec} from './codec.js';
import {fuzzBackends} from './http2/backends.js';
import {fuzzBlocks} from './http2/blocks.js';
import {fuzzClients} from './http2/clients.js';
import {fuzzReader} from './http2/reader.js';
import {fuzzHttp2Socket} from './http2/socket.js';
import {fuzzSocket} from './socket.js';

// A few seconds of what `npm run fuzz` does for as long as one likes.

test.serial('changed messages are read the same way in pieces, and by Node', async t => {
	const {compared, refusedByNode} = await fuzzCodec(4, inputs => inputs >= 10_000);
	t.true(compared > 0);
	t.deepEqual(refusedByNode, {});
});

for (const [what, fuzz, count] of [
	['frames are read the same way in pieces', fuzzReader, 1500],
	['field blocks are read as nghttp2 reads them', fuzzBlocks, 1500],
	['clients get HTTP/2 and their streams an end, and backends what was asked', fuzzClients, 500],
	['h2c backends get HTTP/2, and requests an end', fuzzBackends, 500],
] as const) {
	test.serial(`HTTP/2 that is changed by chance: ${what}`, async t => {
		t.timeout(180_000);
		const {inputs} = await fuzz(4, done => done >= count);
		t.true(inputs >= count);
	});
}

for (const [version, fuzz] of [
	['HTTP/1.1', fuzzSocket],
	['HTTP/2', fuzzHttp2Socket],
] as const) {
	onLinux(`a process that is sent changed ${version} lives on, and lets go of it`, async t => {
		const {connections, memory} = await fuzz(4, made => made >= 300);
		t.true(connections >= 300);
		t.true(memory[1] - memory[0] < 100 * 2 ** 20, memory.join(' to '));
	});
}
