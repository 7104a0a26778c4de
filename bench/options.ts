import {parseArgs} from 'node:util';
import type {Effort} from './scenarios/scenario.js';

/** What is to be measured, and how. */
export interface Options {
	readonly effort: Effort;
	/** Whether a peer is to be measured in a scenario, if it is there. */
	takesPart(peer: string, scenario: string): boolean;
	/** Names of scenarios; undefined for all. */
	readonly only: readonly string[] | undefined;
	/** Parts of names of peers; undefined for all. */
	readonly peers: readonly string[] | undefined;
	/** Seconds after which what can be left out is left out. */
	readonly limit: number;
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
	starts: 11,
	idleConnections: 5000,
	settle: 10,
};
const quick: Effort = {
	rounds: 2,
	interval: 0.4,
	warmUp: 0.15,
	firstWarmUp: 0.5,
	starts: 5,
	idleConnections: 1000,
	settle: 1,
};
/** What is measured when there is little time. */
const main = {
	scenarios: ['small-h1', 'small-h2', '100k', '64m', 'websocket', 'connect', 'start', 'idle'],
	peers: ['Sealport wire', 'Sealport message', 'nginx', 'HAProxy'],
} as const;
/** Peers that are measured besides, where something is to hold against them. */
const besides: Readonly<Record<string, readonly string[]>> = {
	'small-h1': ['http-proxy', 'local-ssl-proxy'],
	start: ['local-ssl-proxy'],
};
const everyMain = [...main.peers, ...Object.values(besides).flat()].map(name => name.toLowerCase());
/** Seconds after which a quick run leaves further rounds and scenarios out. */
const quickLimit = 100;

/** What the bench prints when asked for help. */
export const help = `npm run bench -- [flags]

  --quick             within two minutes: the main peers, fewer and shorter rounds
  --only <names>      scenarios, with commas between; how their names begin will do
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
		only: list(values.only) ?? (values.quick ? main.scenarios : undefined),
		peers: list(values.peers) ?? (values.quick ? everyMain : undefined),
		takesPart: (peer, scenario) =>
			!values.quick ||
			values.peers !== undefined ||
			[...main.peers, ...(besides[scenario] ?? [])].includes(peer),
		limit: values.quick ? quickLimit : Number.POSITIVE_INFINITY,
		newerNode: values['newer-node'],
		json: values.json,
	};
}
