import {UserError} from '../../errors.js';
import type {Client, Peer} from '../../forward/seams.js';
import {nearest} from '../../nearest.js';
import {printable} from '../../printable.js';
import {type Addresses, parseAddresses} from './addresses.js';
import type {PeerCondition, Reading} from './conditions/condition.js';
import {parseContainer} from './conditions/container.js';
import {type ExeCondition, parseExe} from './conditions/exe.js';
import {type NetnsCondition, parseNetns} from './conditions/netns.js';
import {type PidCondition, parsePid} from './conditions/pid.js';
import {parseUser, type UserCondition} from './conditions/user.js';
import {conditionsOf} from './conditions-of.js';
import {type System, thisSystem} from './system.js';

/** One rule of who may, or may not, connect: all that it has must hold. */
export interface Rule {
	/** As it was written. */
	readonly text: string;
	readonly user: UserCondition | undefined;
	readonly exe: ExeCondition | undefined;
	readonly pid: PidCondition | undefined;
	readonly netns: NetnsCondition | undefined;
	readonly container: PeerCondition | undefined;
	readonly addresses: Addresses | undefined;
	/** Those of them that are about processes. */
	readonly ofPeers: readonly PeerCondition[];
	/** What a person should know, in sentences without a full stop. */
	readonly warnings: readonly string[];
}

const kinds = ['user', 'exe', 'pid', 'netns', 'container', 'address'];

/**
 * Reads a rule: conditions with commas between, such as `user=me,exe=/usr/bin/curl`. A comma divides only
 * where something like `kind=` follows, so a path may have commas in it; for one that has this in it, a
 * glob may have `?` in place of the comma. Users, programs, processes and namespaces have to be there.
 *
 * @param where what the rule is called in errors
 * @param system of whom the rule speaks; this one, by default
 * @throws UserError `option-invalid`
 */
export function parseRule(text: string, where: string, system: System = thisSystem()): Rule {
	const reading: Reading = {
		system,
		refuse(why, hint) {
			const options = hint === undefined ? {} : {hint};
			throw new UserError('option-invalid', `${where}: ${why}`, options);
		},
	};
	const given = conditionsIn(text, reading);
	const read = <Read>(kind: string, parse: (value: string, reading: Reading) => Read) => {
		const value = given.get(kind);
		return value === undefined ? undefined : parse(value, reading);
	};
	const user = read('user', parseUser);
	const exe = read('exe', parseExe);
	const pid = read('pid', parsePid);
	const netns = read('netns', parseNetns);
	const container = read('container', parseContainer);
	return {
		text,
		user,
		exe,
		pid,
		netns,
		container,
		addresses: read('address', addresses),
		ofPeers: [user, exe, pid, netns, container].filter(each => each !== undefined),
		warnings: exe?.warnings ?? [],
	};
}

function conditionsIn(text: string, {refuse}: Reading): ReadonlyMap<string, string> {
	const given = new Map<string, string>();
	for (const part of conditionsOf(text)) {
		const [, kind, value] = /^([a-z]+)=(.*)$/is.exec(part) ?? [];
		const shown = JSON.stringify(printable(part));
		if (kind === undefined || value === undefined) {
			return refuse(`expected conditions such as user=me,exe=/usr/bin/curl, got ${shown}`);
		}
		if (!kinds.includes(kind)) {
			const meant = nearest(kind, kinds);
			return refuse(
				`unknown condition ${shown}`,
				meant === undefined ? `conditions are ${kinds.join('=, ')}=` : `did you mean ${meant}=?`,
			);
		}
		if (value === '' || given.has(kind)) {
			return refuse(
				value === '' ? `${kind}= has no value` : `${kind}= is there twice`,
				'alternatives are rules of their own',
			);
		}
		given.set(kind, value);
	}
	return given;
}

function addresses(value: string, {refuse}: Reading): Addresses {
	const read = parseAddresses(value);
	return 'wrong' in read ? refuse(`${JSON.stringify(printable(value))} ${read.wrong}`) : read;
}

/** Whether it takes the processes at the other end to decide by a rule. */
export function needsPeers({ofPeers}: Rule): boolean {
	return ofPeers.length > 0;
}

/** Whether a rule is known to hold for a client: for every process that can send over its connection. */
export function matches(rule: Rule, {address, peers}: Client): boolean {
	return (
		(rule.addresses?.includes(address) ?? true) &&
		(rule.ofPeers.length === 0 ||
			(isKnown(peers) &&
				peers.holders.length > 0 &&
				peers.holders.every(peer => rule.ofPeers.every(each => each.holds(peer) === true))))
	);
}

/** Whether it cannot be ruled out that a rule holds for a client: for any process that can send. */
export function mayMatch(rule: Rule, {address, peers}: Client): boolean {
	return (
		(rule.addresses?.includes(address) ?? true) &&
		(rule.ofPeers.length === 0 ||
			!isKnown(peers) ||
			peers.holders.length === 0 ||
			peers.holders.some(peer => mayHold(rule, peer)))
	);
}

function mayHold({ofPeers}: Rule, peer: Peer): boolean {
	return ofPeers.every(each => each.holds(peer) !== false);
}

function isKnown(peers: Client['peers']): peers is Exclude<Client['peers'], Error | undefined> {
	return peers !== undefined && !(peers instanceof Error);
}
