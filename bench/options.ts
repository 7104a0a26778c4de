import {parseArgs} from 'node:util';
import type {Effort} from './scenarios/scenario.js';

/** What is to be measured, and how. */
export interface Options {
	readonly effort: Effort;
	/** Names of scenarios; undefined for all of this effort. */
	readonly only: readonly string[] | undefined;
	/** Parts of names of peers; undefined for all of this effort. */
	readonly peers: readonly string[] | undefined;
	readonly quick: boolean;
	/** Path of a Node for peers that need a newer one than this. */
	readonly newerNode: string;
	/** File for the figures; undefined for none. */
	readonly json: string | undefined;
}

const full: Effort = {
	rounds: 5,
	interval: 1.5,
	warmUp: 0.4,
	firstWarmUp: 1.5,
	idleConnections: 5000,
};
const quick: Effort = {
	rounds: 2,
	interval: 0.8,
	warmUp: 0.25,
	firstWarmUp: 0.6,
	idleConnections: 1000,
};

/** What the bench prints when asked for help. */
export const help = `npm run bench -- [flags]

  --quick             within two minutes: the main peers, fewer and shorter rounds
  --only <names>      scenarios, with commas between: what their names begin with
  --peers <names>     peers, likewise
  --rounds <n>        how often each peer is measured, in turns with the others
  --interval <s>      how long each time
  --newer-node <path> a Node for peers that do not run on this one (portless: 24 or later)
  --json <file>       where the figures go [bench/results/<date>.json]
`;

const list = (value: string | undefined): readonly string[] | undefined =>
	value?.split(',').map(each => each.trim().toLowerCase());

const positive = (value: string | undefined, otherwise: number): number => {
	const number = Number(value ?? otherwise);
	if (!(number > 0)) {
		throw new Error(`expected a number above 0, got "${value}"`);
	}
	return number;
};

/**
 * Reads the command line.
 *
 * @returns nothing when help is asked for
 * @throws Error for what is not understood
 */
export function readOptions(args: readonly string[]): Options | undefined {
	const {values} = parseArgs({
		args: [...args],
		options: {
			quick: {type: 'boolean', default: false},
			only: {type: 'string'},
			peers: {type: 'string'},
			rounds: {type: 'string'},
			interval: {type: 'string'},
			json: {type: 'string'},
			'newer-node': {type: 'string', default: process.execPath},
			help: {type: 'boolean', short: 'h', default: false},
		},
	});
	if (values.help) {
		return undefined;
	}
	const effort = values.quick ? quick : full;
	return {
		effort: {
			...effort,
			rounds: Math.ceil(positive(values.rounds, effort.rounds)),
			interval: positive(values.interval, effort.interval),
		},
		only: list(values.only),
		peers: list(values.peers),
		quick: values.quick,
		newerNode: values['newer-node'],
		json: values.json,
	};
}
