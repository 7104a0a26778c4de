import {parseArgs} from 'node:util';
import {type CodecRun, fuzzCodec} from './codec.js';
import type {GuidedRun} from './guided.js';
import {fuzzBackends} from './http2/backends.js';
import {fuzzBlocks} from './http2/blocks.js';
import {fuzzClients} from './http2/clients.js';
import {fuzzReader} from './http2/reader.js';
import {fuzzHttp2Socket} from './http2/socket.js';
import {fuzzSocket, type SocketRun} from './socket.js';

// npm run fuzz -- --minutes 10 [--target codec|socket|h2-blocks|h2-frames|h2-clients|h2-backends|h2-socket] [--seed 1]

const {values} = parseArgs({
	options: {
		minutes: {type: 'string', default: '1'},
		target: {type: 'string', default: 'all'},
		seed: {type: 'string', default: String(Date.now() % 2 ** 31)},
	},
});
const seed = Number(values.seed);
const duration = Number(values.minutes) * 60_000;
process.stdout.write(`seed ${seed}\n`);
type Fuzz = (
	seed: number,
	enough: (done: number) => boolean,
) => Promise<CodecRun | SocketRun | GuidedRun>;

const targets: ReadonlyArray<readonly [name: string, fuzz: Fuzz]> = [
	['codec', fuzzCodec],
	['socket', fuzzSocket],
	['h2-blocks', fuzzBlocks],
	['h2-frames', fuzzReader],
	['h2-clients', fuzzClients],
	['h2-backends', fuzzBackends],
	['h2-socket', fuzzHttp2Socket],
];
for (const [name, fuzz] of targets) {
	if (values.target === name || values.target === 'all') {
		const end = performance.now() + duration;
		const run = await fuzz(seed, () => performance.now() >= end);
		process.stdout.write(`${name}: ${JSON.stringify(run, null, '\t')}\n`);
		if ('refusedByNode' in run && Object.keys(run.refusedByNode).length > 0) {
			process.exitCode = 1;
		}
	}
}
// Node 20 may wait for ever at its end, for sockets below TLS that are gone.
process.exit();
