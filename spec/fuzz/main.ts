import {parseArgs} from 'node:util';
import {fuzzCodec} from './codec.js';
import {fuzzSocket} from './socket.js';

// npm run fuzz -- --minutes 10 [--target codec|socket] [--seed 1]

const {values} = parseArgs({
	options: {
		minutes: {type: 'string', default: '1'},
		target: {type: 'string', default: 'both'},
		seed: {type: 'string', default: String(Date.now() % 2 ** 31)},
	},
});
const seed = Number(values.seed);
const duration = Number(values.minutes) * 60_000;
process.stdout.write(`seed ${seed}\n`);
for (const [name, fuzz] of [
	['codec', fuzzCodec],
	['socket', fuzzSocket],
] as const) {
	if (values.target === name || values.target === 'both') {
		const end = performance.now() + duration;
		const run = await fuzz(seed, () => performance.now() >= end);
		process.stdout.write(`${name}: ${JSON.stringify(run, null, '\t')}\n`);
		if ('refusedByNode' in run && Object.keys(run.refusedByNode).length > 0) {
			process.exitCode = 1;
		}
	}
}
