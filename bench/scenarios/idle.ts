import {openIdle} from '../load/idle.js';
import {least} from '../measure/settle.js';
import {type Running, runPeer} from '../peers/running.js';
import {type Bench, type Contestant, noTime, type Row, type Scenario} from './scenario.js';

/** Connections before the first measurement: what is made once for all is no cost of a connection. */
const first = 200;
const kilobyte = 1024;

const measure = async (running: Running, {effort}: Bench): Promise<number> => {
	const {idleConnections: wanted, settle} = effort;
	await (await openIdle(running, first)).end();
	const before = await least(() => running.memory(), settle);
	const idle = await openIdle(running, wanted);
	const after = await least(() => running.memory(), settle);
	const open = await idle.open();
	await idle.end();
	if (open < wanted * 0.99) {
		throw new Error(`closes idle connections by itself: ${open} of ${wanted} were left`);
	}
	return (after - before) / open / kilobyte;
};

const row = async (contestant: Contestant, bench: Bench): Promise<Row> => {
	const {peer, found} = contestant;
	if (bench.hurries()) {
		return {peer: peer.name, rounds: [undefined], note: noTime};
	}
	bench.progress(`idle: ${peer.name}`);
	try {
		const running = await runPeer(peer, found, bench.ground);
		try {
			return {peer: peer.name, rounds: [await measure(running, bench)]};
		} finally {
			await running.stop();
		}
	} catch (error) {
		return {peer: peer.name, rounds: [undefined], note: (error as Error).message};
	}
};

/** Memory of idle connections that have carried one request. */
export const idle: Scenario = {
	name: 'idle',
	title: 'idle TLS connection after one request: growth of the memory of all processes (PSS)',
	unit: 'KB each',
	async run(bench) {
		const rows: Row[] = [];
		for (const contestant of bench.contestants) {
			rows.push(await row(contestant, bench));
		}
		return rows;
	},
};
