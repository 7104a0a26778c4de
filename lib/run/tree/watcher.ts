// A process of its own, which outlives a Sealport that is killed: it ends the tree once the pipe on its
// standard input is closed, however that comes about.
import {openTree} from './tree.js';

/** Milliseconds in which a dev server may tidy up. */
const grace = 2000;

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
	process.on(name, () => {
		// Its end is that of the pipe.
	});
}
const tree = await openTree(process.argv[2] ?? '', process.ppid);
let rest = '';
process.stdin.setEncoding('latin1');
process.stdin.on('data', (text: string) => {
	const lines = (rest + text).split('\n');
	rest = lines.pop() ?? '';
	for (const line of lines) {
		const [pid, started = ''] = line.split(' ');
		tree.know(Number(pid), started);
	}
});
for (const event of ['end', 'error']) {
	process.stdin.once(event, async () => {
		await tree.end(grace);
		process.exit();
	});
}
