import {at, type Json, list, text} from './json.js';
import {condition, nftTest, type Sets} from './nft-test.js';
import type {Action, Chain, Hook, Rule, Test} from './ruleset.js';

const families = ['ip', 'ip6', 'inet', 'netdev'] as const;
const hooks = ['ingress', 'prerouting', 'input', 'output', 'postrouting'] as const;

/** What neither decides nor asks. */
const harmless = [
	'counter',
	'log',
	'mangle',
	'notrack',
	'set',
	'ct helper',
	'ct timeout',
	'meter',
	'last',
];

/**
 * Reads what `nft --json list ruleset` prints.
 *
 * @param listing what `nft --handle list ruleset` prints: rules as people write them
 * @param byTables the chains that iptables has made, as its own program tells them: what extensions of it ask for
 *   is not in the JSON
 * @throws SyntaxError for what is no JSON
 */
export function readNftables(
	json: string,
	listing: string,
	byTables: readonly Chain[] = [],
): readonly Chain[] {
	const {rules, devices} = textsIn(listing);
	const items = list(at(JSON.parse(json) as Json, 'nftables'));
	const sets = new Map<string, readonly Json[] | undefined>();
	for (const item of items) {
		const set = at(item, 'set') ?? at(item, 'map');
		if (set !== undefined) {
			const isSteady = !list(at(set, 'flags')).some(
				flag => flag === 'timeout' || flag === 'dynamic',
			);
			sets.set(
				`${scopeOf(set)} ${text(set, 'name')}`,
				isSteady ? list(at(set, 'elem')) : undefined,
			);
		}
	}
	return items.flatMap(item => {
		const chain = at(item, 'chain');
		const family = families.find(each => each === text(chain, 'family'));
		if (chain === undefined || family === undefined) {
			return [];
		}
		const [scope, name, table] = [scopeOf(chain), text(chain, 'name'), text(chain, 'table')];
		const own = items
			.flatMap(each => at(each, 'rule') ?? [])
			.filter(each => scopeOf(each) === scope && text(each, 'chain') === name);
		const lookUp: Sets = set => sets.get(`${scope} ${set}`);
		const twin = byTables.find(
			each => each.family === family && each.table === table && each.name === name,
		);
		// Its rules are the same ones only if there are as many: iptables leaves out what it does not know.
		const twins = twin?.rules.length === own.length ? twin.rules : [];
		return {
			...{family, table, name, scope},
			where: twin?.where ?? `table ${family} ${table}, chain ${name}`,
			tool: twin === undefined ? 'nft' : 'iptables',
			base: baseOf(chain, devices.get(`${scope} ${name}`) ?? []),
			rules: own.flatMap((rule, index) => {
				const known = isOpaque(rule) ? twins[index] : undefined;
				const text = rules.get(`${scope} ${String(at(rule, 'handle'))}`) ?? '';
				return known ?? rulesOf(rule, twins[index]?.text ?? text, lookUp);
			}),
		};
	});
}

function isOpaque(rule: Json): boolean {
	return list(at(rule, 'expr')).some(statement => at(statement, 'xt') !== undefined);
}

/** The rules by family, table and handle, and the devices of chains by family, table and name. */
function textsIn(listing: string) {
	const rules = new Map<string, string>();
	const devices = new Map<string, readonly string[]>();
	let scope = '';
	let chain = '';
	for (const line of listing.split('\n')) {
		const [, family, table] = /^table (\S+) (\S+) \{/.exec(line) ?? [];
		scope = family === undefined ? scope : `${family} ${table}`;
		chain = /^\tchain (\S+) \{/.exec(line)?.[1] ?? chain;
		const [, rule, handle] = /^\t\t(\S.*) # handle (\d+)$/.exec(line) ?? [];
		if (rule !== undefined) {
			rules.set(`${scope} ${handle}`, rule);
		}
		const [, names] = /^\t\ttype \S+ hook \S+ devices?(?: =)? (.*?) priority/.exec(line) ?? [];
		if (names !== undefined) {
			const each = Array.from(names.matchAll(/[^\s",{}]+/g), ([name]) => name);
			devices.set(`${scope} ${chain}`, each);
		}
	}
	return {rules, devices};
}

function scopeOf(item: Json): string {
	return `${text(item, 'family')} ${text(item, 'table')}`;
}

function baseOf(chain: Json, devices: readonly string[]): Chain['base'] {
	const hook = hooks.find((each): each is Hook => each === text(chain, 'hook'));
	const priority = at(chain, 'prio');
	return hook === undefined
		? undefined
		: {
				hook,
				type: text(chain, 'type'),
				priority: typeof priority === 'number' ? priority : 0,
				policy: text(chain, 'policy') === 'drop' ? 'drop' : 'accept',
				devices,
			};
}

/** One for what a rule says; one for each verdict of a map. */
function rulesOf(rule: Json, written: string, sets: Sets): readonly Rule[] {
	const tests: Test[] = [];
	for (const statement of list(at(rule, 'expr'))) {
		const [kind = ''] = typeof statement === 'string' ? [statement] : Object.keys(statement ?? {});
		const value = at(statement, kind);
		if (kind === 'match') {
			tests.push(nftTest(value ?? null, sets));
		} else if (kind === 'vmap') {
			return verdicts(value, sets).map(([test, action]) => {
				return {tests: [...tests, test], action, text: written};
			});
		} else if (!harmless.includes(kind)) {
			const action = actionOf(kind, value);
			if (action !== undefined) {
				return [{tests: [...tests, ...implied(value)], action, text: written}];
			}
			tests.push({on: 'unknown'});
		}
	}
	return [];
}

/** The family that a verdict is for, where nft takes its condition for granted and does not print it. */
function implied(verdict: Json | undefined): readonly Test[] {
	const names: Readonly<Record<string, string>> = {
		icmp: 'ipv4',
		icmpv6: 'ipv6',
		ip: 'ipv4',
		ip6: 'ipv6',
	};
	const name = names[text(verdict, 'type')] ?? names[text(verdict, 'family')];
	return name === undefined ? [] : [{on: 'version', names: [name], isNot: false}];
}

function verdicts(vmap: Json | undefined, sets: Sets): ReadonlyArray<readonly [Test, Action]> {
	const data = at(vmap, 'data');
	const pairs = typeof data === 'string' ? sets(data.replace(/^@/, '')) : list(at(data, 'set'));
	return (pairs ?? [[null, null]]).map(pair => {
		const [key = null, verdict = null] = list(pair);
		const value = at(key, 'elem', 'val') ?? key;
		const [kind = ''] = Object.keys(verdict ?? {});
		return [
			value === '*' ? always : condition(at(vmap, 'key'), '==', {set: [value]}, sets),
			actionOf(kind, at(verdict, kind)) ?? {kind: 'unknown'},
		];
	});
}

const always: Test = {on: 'protocol', names: ['tcp'], isNot: false};

/** `undefined` for what is no verdict, such as a limit. */
function actionOf(kind: string, value: Json | undefined): Action | undefined {
	switch (kind) {
		case 'accept':
		case 'drop':
		case 'reject':
		case 'return':
		case 'continue':
			return {kind};
		case 'jump':
		case 'goto':
			return {kind, chain: text(value, 'target')};
		case 'snat':
		case 'masquerade':
			return {kind: 'accept'};
		case 'redirect':
		case 'dnat': {
			const [address, port] = [at(value, 'addr'), at(value, 'port')];
			const isClear =
				['string', 'undefined'].includes(typeof address) &&
				['number', 'undefined'].includes(typeof port);
			return isClear
				? {
						kind: 'redirect',
						address: typeof address === 'string' ? address : undefined,
						port: typeof port === 'number' ? port : undefined,
					}
				: {kind: 'unknown'};
		}
		case 'queue':
		case 'fwd':
		case 'tproxy':
			return {kind: 'unknown'};
		case 'xt':
			return text(value, 'type') === 'target' ? {kind: 'unknown'} : undefined;
		default:
			return undefined;
	}
}
