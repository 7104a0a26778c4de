import {ProxyError} from '../../errors.js';
import type {Client, Policy} from '../../forward/seams.js';
import {canonical} from '../../listener/holder/socket.js';
import {printable} from '../../printable.js';
import {shellWord} from '../../shell-word.js';
import {describeClient} from '../describe.js';
import {conditionsOf} from './conditions-of.js';
import {isGlob} from './glob.js';
import {matches, mayMatch, needsPeers, type Rule} from './rule.js';

/** Rules of one place. */
interface Rules {
	readonly allow: readonly Rule[];
	readonly deny: readonly Rule[];
}

/** Whether any of them is about processes. */
export function needPeers(all: readonly Rules[]): boolean {
	return all.some(({allow, deny}) => [...allow, ...deny].some(needsPeers));
}

/** What a person should know about them, once each. */
export function warningsOf(all: readonly Rules[]): readonly string[] {
	const rules = all.flatMap(({allow, deny}) => [...allow, ...deny]);
	return [...new Set(rules.flatMap(({warnings}) => warnings))];
}

/**
 * Admits whom no `deny` rule may mean, and an `allow` rule does, if there are any. What is not known
 * about a client counts against it. The verdict is the connection's: it is worked out once.
 */
export function rulesPolicy(allow: readonly Rule[], deny: readonly Rule[]): Policy {
	const verdicts = new WeakMap<Client, ProxyError | null>();
	return {
		name: allow.length > 0 ? 'allow' : 'deny',
		admit({client}) {
			let verdict = verdicts.get(client);
			if (verdict === undefined) {
				verdict = refusalOf(client, allow, deny) ?? null;
				verdicts.set(client, verdict);
			}
			return verdict ?? undefined;
		},
	};
}

function refusalOf(
	client: Client,
	allow: readonly Rule[],
	deny: readonly Rule[],
): ProxyError | undefined {
	const denied = deny.find(rule => mayMatch(rule, client));
	if (denied !== undefined) {
		const why = matches(denied, client)
			? `the rule ${denied.text} denies access`
			: (unknown(client) ?? `it cannot be ruled out that the rule ${denied.text} denies access`);
		return refused('deny', why, `Sealport takes this client for ${describeClient(bare(client))}`);
	}
	if (allow.length === 0 || allow.some(rule => matches(rule, client))) {
		return undefined;
	}
	const isMeant = allow.some(rule => mayMatch(rule, client));
	const why = (isMeant ? unknown(client) : undefined) ?? 'no rule allows this client';
	return refused('allow', why, hintFor(client));
}

/**
 * Refuses what the rules refuse whoever is there, by its address alone.
 *
 * @param address of the client
 */
export function refusalByAddress(
	allow: readonly Rule[],
	deny: readonly Rule[],
	address: string,
): ProxyError | undefined {
	const denied = deny.find(rule => !needsPeers(rule) && rule.addresses?.includes(address));
	if (denied !== undefined) {
		return refused('deny', `the rule ${denied.text} denies access`);
	}
	const isHopeless =
		allow.length > 0 && allow.every(({addresses}) => addresses?.includes(address) === false);
	return isHopeless ? refused('allow', `no rule allows ${canonical(address)}`) : undefined;
}

function refused(policy: 'allow' | 'deny', why: string, hint?: string): ProxyError {
	const options = hint === undefined ? {policy} : {policy, hint};
	return new ProxyError('access-denied', 'downstream', why, options);
}

/** Why it is not known who a client is. The reason is for the log: it is about processes of others. */
function unknown({peers}: Client): string | undefined {
	if (peers instanceof Error) {
		return 'it could not be found out which program this is';
	}
	return peers === undefined
		? 'this connection was opened before rules asked which program it is of'
		: undefined;
}

/** Without the reason why its processes are not known. */
function bare(client: Client): Client {
	const {address, port, certificate, peers} = client;
	return {address, port, certificate, peers: peers instanceof Error ? undefined : peers};
}

/** Whether a path can be said in a rule as it is, and shown. */
function isPlain(path: string): boolean {
	return !isGlob(path) && conditionsOf(`exe=${path}`).length === 1 && printable(path) === path;
}

function hintFor(client: Client): string {
	const who = describeClient(bare(client));
	const {address, peers} = client;
	const first = peers === undefined || peers instanceof Error ? undefined : peers.holders[0];
	if (first === undefined) {
		const isHere = address === '::1' || address.startsWith('127.');
		return isHere ? 'the log of Sealport says why' : `to let it in: --allow address=${address}`;
	}
	const {user, executable} = first;
	const rule = [
		user === '' ? [] : `user=${user}`,
		executable !== undefined && isPlain(executable) ? `exe=${executable}` : [],
	].flat();
	const way = rule.length === 0 ? '' : `; to let it in: --allow ${shellWord(rule.join(','))}`;
	return `Sealport takes this client for ${who}${way}`;
}
