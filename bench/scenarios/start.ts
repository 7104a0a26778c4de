import {median} from '../measure/statistics.js';
import {startPeer} from '../peers/running.js';
import type {Bench, Contestant, Row, Scenario} from './scenario.js';

/** One start: wall and CPU time until the first proxied response, in milliseconds. */
interface Start {
	readonly wall: number;
	readonly cpu: number;
}

const measure = async ({peer, found}: Contestant, {ground}: Bench): Promise<Start> => {
	const {running, since, ready} = await startPeer(peer, found, ground);
	try {
		return {wall: (await ready) - since, cpu: running.cpu() * 1000};
	} finally {
		await running.stop();
	}
};

/** From the start of the process to the first response through it, the authority being there. */
export const start: Scenario = {
	name: 'start',
	title: 'from the start of the process to the first proxied response, certificate at hand',
	unit: 'ms',
	async run(bench) {
		const starts = bench.contestants.map(() => [] as (Start | undefined)[]);
		const notes: string[] = [];
		for (let round = 0; round < bench.effort.starts; round++) {
			if (round > 0 && bench.hurries()) {
				break;
			}
			for (const [at, contestant] of bench.contestants.entries()) {
				bench.progress(
					`start: round ${round + 1} of ${bench.effort.starts}, ${contestant.peer.name}`,
				);
				const outcome = await measure(contestant, bench).catch((error: Error) => {
					notes[at] = `failed: ${error.message}`;
					return undefined;
				});
				starts[at]?.push(outcome);
			}
		}
		return bench.contestants.map(({peer}, at): Row => {
			const all = starts[at] ?? [];
			const note = notes[at];
			const cpu = median(all.flatMap(each => each?.cpu ?? []));
			return {
				peer: peer.name,
				rounds: all.map(each => each?.wall),
				more: {'CPU ms': cpu},
				...(note !== undefined && {note}),
			};
		});
	},
};
