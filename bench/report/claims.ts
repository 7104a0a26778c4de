import {median, ratio} from '../measure/statistics.js';
import type {Result} from '../scenarios/scenario.js';
import {added} from '../scenarios/under-rule.js';

/** Something that is to hold: a figure of a peer, by itself or against another's, is at most the limit. */
interface Claim {
	readonly scenario: string;
	readonly peer: string;
	readonly base?: string;
	readonly limit: number;
}

const wire = 'Sealport wire';
const message = 'Sealport message';
const rule = 'Sealport rule';

/** What the project holds itself to, by major version of Node. */
const claims = (node: number): readonly Claim[] => [
	{scenario: 'small-h1', peer: wire, base: 'nginx', limit: node >= 26 ? 1.1 : 1.2},
	{scenario: 'small-h1', peer: wire, base: 'Caddy', limit: 0.3},
	{scenario: 'small-h1', peer: wire, base: 'portless', limit: 0.5},
	{scenario: 'small-h1', peer: wire, base: 'local-ssl-proxy', limit: 0.05},
	{scenario: 'small-h2', peer: wire, base: 'nginx', limit: 1},
	{scenario: 'small-h2', peer: wire, base: 'Caddy', limit: 0.2},
	{scenario: 'small-h2', peer: wire, base: 'portless', limit: 0.2},
	{scenario: 'small-h2-100', peer: wire, base: 'nginx', limit: 0.9},
	{scenario: 'small-h2-1', peer: wire, base: 'nginx', limit: 1.4},
	{scenario: '100k', peer: wire, base: 'nginx', limit: 0.9},
	{scenario: '100k-h2', peer: wire, base: 'nginx', limit: 1},
	{scenario: '64m', peer: wire, base: 'nginx', limit: 1.15},
	{scenario: '64m-h2', peer: wire, base: 'nginx', limit: 1},
	{scenario: 'websocket', peer: wire, base: 'nginx', limit: 1.2},
	{scenario: 'small-h1', peer: message, base: 'http-proxy', limit: 1},
	{scenario: 'connect', peer: wire, base: 'HAProxy', limit: 1.6},
	{scenario: 'small-h1', peer: rule, base: wire, limit: 1.05},
	{scenario: 'small-h2', peer: rule, base: wire, limit: 1.05},
	{scenario: 'rule', peer: added, limit: 5},
	{scenario: 'rule-10k', peer: added, limit: 5},
	{scenario: 'idle', peer: wire, limit: 64},
	{scenario: 'recovery', peer: wire, limit: 1.2},
	{scenario: 'start', peer: wire, base: 'local-ssl-proxy', limit: 1},
];

/** A claim and what was measured. */
export interface Verdict extends Claim {
	readonly unit: string;
	readonly measured: number;
	readonly holds: boolean;
}

/** What became of the claims that were measured in this run. */
export function verdicts(results: readonly Result[], node: number): readonly Verdict[] {
	return claims(node).flatMap(claim => {
		const result = results.find(({scenario}) => scenario === claim.scenario);
		const row = result?.rows.find(({peer}) => peer === claim.peer);
		const base = result?.rows.find(({peer}) => peer === claim.base);
		if (!result || !row || (claim.base !== undefined && !base)) {
			return [];
		}
		const measured = base
			? ratio(row.rounds, base.rounds)
			: median(row.rounds.filter(each => each !== undefined));
		const unit = claim.base === undefined ? result.unit : `× ${claim.base}`;
		return Number.isNaN(measured)
			? []
			: [{...claim, unit, measured, holds: measured <= claim.limit}];
	});
}
