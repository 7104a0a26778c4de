import {openSockets} from '../load/sockets.js';
import {median} from '../measure/statistics.js';
import {get} from '../peers/probe.js';
import {type Running, runPeer} from '../peers/running.js';
import {rule, wire} from '../peers/sealport.js';
import type {Bench, Row, Scenario} from './scenario.js';

/** Connections to each in a round, one at a time, in turns. */
const connections = 100;

/** Names the row of what the rule adds. */
export const added = 'added by the rule';

const timed = async (to: Running): Promise<number> => {
	const since = performance.now();
	const {status} = await get(to);
	if (status !== 200) {
		throw new Error(`status ${status}`);
	}
	return performance.now() - since;
};

const twentieth = (times: readonly number[]): number =>
	[...times].sort((one, other) => one - other)[Math.floor(times.length * 0.95)] ?? Number.NaN;

const row = (peer: string, rounds: readonly (readonly number[])[]): Row => ({
	peer,
	rounds: rounds.map(median),
	more: {'95 of 100 within': twentieth(rounds.flat())},
});

const measure = async (plain: Running, ruled: Running, {effort}: Bench): Promise<Row[]> => {
	const [without, within]: [number[][], number[][]] = [[], []];
	// The first round only warms up: programs are compiled, and listings of sockets are kept.
	for (let round = 0; round <= effort.rounds; round++) {
		const [one, other]: [number[], number[]] = [[], []];
		for (let each = 0; each < connections; each++) {
			one.push(await timed(plain));
			other.push(await timed(ruled));
		}
		if (round > 0) {
			without.push(one);
			within.push(other);
		}
	}
	const differences = within.map((times, at) => median(times) - median(without[at] ?? []));
	return [row(wire.name, without), row(rule.name, within), {peer: added, rounds: differences}];
};

/** Time, not CPU time: somebody waits for it. What else the machine does is in both rows alike. */
const scenario = (name: string, sockets: number): Scenario => ({
	name,
	title: `new connection until the first response, one at a time, ${sockets} other sockets open`,
	unit: 'ms',
	async run(bench) {
		const find = ({name}: {readonly name: string}) =>
			bench.contestants.find(({peer}) => peer.name === name);
		const [plain, ruled] = [find(wire), find(rule)];
		if (plain === undefined || ruled === undefined) {
			return [];
		}
		bench.progress(name);
		const close = await openSockets(sockets);
		const running = await Promise.all(
			[plain, ruled].map(({peer, found}) => runPeer(peer, found, bench.ground)),
		);
		try {
			const [one, other] = running;
			return one === undefined || other === undefined ? [] : await measure(one, other, bench);
		} finally {
			await Promise.all(running.map(each => each.stop()));
			await close();
		}
	},
});

/** What it takes to find out whose a connection is. */
export const underRule: readonly Scenario[] = [scenario('rule', 0), scenario('rule-10k', 10_000)];
