import {setTimeout as sleep} from 'node:timers/promises';
import {h2load, h2loadRequests, type Pattern} from '../load/h2load.js';
import {openIdle} from '../load/idle.js';
import {least} from '../measure/settle.js';
import {type Running, runPeer} from '../peers/running.js';
import type {Row, Scenario} from './scenario.js';

const pattern: Pattern = {protocol: 'h1', connections: 64, streams: 1, paths: ['/small']};
const connections = 10_000;
const requests = 100_000;
/** Load before the first measurement, and how long memory may take to come back, in seconds. */
const warmUp = 3;
const patience = 45;
const megabyte = 1024 * 1024;

const measure = async (peer: string, running: Running): Promise<Row> => {
	const load = await h2load(running, pattern, warmUp);
	await sleep(warmUp * 1000);
	await load.end();
	const memory = (): number => running.memory();
	const before = await least(memory, 10);
	const idle = await openIdle(running, connections);
	const open = await idle.open();
	await h2loadRequests(running, pattern, requests);
	const most = memory();
	await idle.end();
	const after = await least(memory, patience);
	return {
		peer,
		rounds: [after / before],
		more: {
			'MB before': before / megabyte,
			'MB meanwhile': most / megabyte,
			'MB after': after / megabyte,
			connections: open,
		},
	};
};

/** Whether Sealport gives back what many connections and requests have taken. */
export const recovery: Scenario = {
	name: 'recovery',
	title: `memory (PSS) after ${connections} idle connections and ${requests} requests`,
	unit: '× before',
	async run({contestants, ground, progress}) {
		const rows: Row[] = [];
		for (const {peer, found} of contestants) {
			if (!peer.name.startsWith('Sealport')) {
				continue;
			}
			progress(`recovery: ${peer.name}`);
			try {
				const running = await runPeer(peer, found, ground);
				rows.push(await measure(peer.name, running).finally(() => running.stop()));
			} catch (error) {
				rows.push({peer: peer.name, rounds: [undefined], note: (error as Error).message});
			}
		}
		return rows;
	},
};
