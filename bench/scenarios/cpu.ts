import type {Costs} from './sample.js';
import type {Scenario} from './scenario.js';
import {Turn} from './turn.js';

/** The order changes from round to round, so that no peer always comes after the same one. */
const rotated = <T>(all: readonly T[], by: number): readonly T[] => [
	...all.slice(by % all.length),
	...all.slice(0, by % all.length),
];

/**
 * A scenario that measures CPU time, user and system, of all processes of a peer, per unit of work. Peers
 * are measured in turns; the backend counts the units.
 */
export function cpuScenario(costs: Costs): Scenario {
	return {
		name: costs.name,
		title: costs.title,
		unit: costs.unit,
		async run(bench) {
			const turns = bench.contestants
				.filter(({peer}) => peer.carries.includes(costs.traffic))
				.map(contestant => new Turn(contestant));
			for (const turn of turns) {
				bench.progress(`${costs.name}: warming up ${turn.contestant.peer.name}`);
				await turn.begin(costs, bench);
			}
			for (let round = 0; round < bench.effort.rounds; round++) {
				if (round > 0 && bench.hurries()) {
					break;
				}
				for (const turn of rotated(turns, round)) {
					bench.progress(
						`${costs.name}: round ${round + 1} of ${bench.effort.rounds}, ${turn.contestant.peer.name}`,
					);
					await turn.measure(costs, bench);
				}
			}
			return Promise.all(turns.map(turn => turn.finish()));
		},
	};
}
