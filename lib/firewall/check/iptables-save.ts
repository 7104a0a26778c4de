import {parseNetwork} from '../networks.js';
import {type Option, optionsOf, wordsOf} from './iptables-words.js';
import type {Action, Chain, Hook, Rule, Span, Test} from './ruleset.js';

/** Priorities of the tables (include/uapi/linux/netfilter_ipv4.h of the kernel). */
const priorities: Readonly<Record<string, number>> = {
	raw: -300,
	mangle: -150,
	filter: 0,
	security: 50,
};
const hooks: Readonly<Record<string, Hook>> = {
	PREROUTING: 'prerouting',
	INPUT: 'input',
	OUTPUT: 'output',
	POSTROUTING: 'postrouting',
};

/** Targets that neither decide nor lead elsewhere. */
const harmless =
	/^(LOG|NFLOG|ULOG|MARK|CONNMARK|CT|NOTRACK|TRACE|CHECKSUM|CLASSIFY|TCPMSS|SET|TOS|DSCP|TTL|HL|AUDIT)$/;

/**
 * Reads what `iptables-save` or `ip6tables-save` prints.
 *
 * @param program what is named in reports
 */
export function readIptables(
	saved: string,
	family: 'ip' | 'ip6',
	program: string,
): readonly Chain[] {
	const chains: Array<Chain & {readonly rules: Rule[]}> = [];
	let table = '';
	for (const line of saved.split('\n')) {
		const [, nextTable] = /^\*(\w+)/.exec(line) ?? [];
		table = nextTable ?? table;
		const scope = `${program} ${family} ${table}`;
		const [, declared, policy] = /^:(\S+) (\S+)/.exec(line) ?? [];
		if (declared !== undefined) {
			const hook = policy === '-' ? undefined : hooks[declared];
			const where = `${program}, table ${table}, chain ${declared}`;
			chains.push({
				...{family, table, name: declared, where, scope, tool: 'iptables', rules: []},
				base:
					hook === undefined
						? undefined
						: {
								hook,
								type: table === 'nat' ? 'nat' : 'filter',
								priority: priorityOf(table, hook),
								policy: policy === 'DROP' ? 'drop' : 'accept',
								devices: [],
							},
			});
		}
		const [, name] = /^(?:\[\d+:\d+\] )?-A (\S+)/.exec(line) ?? [];
		const chain = chains.find(each => each.name === name && each.scope === scope);
		chain?.rules.push(ruleOf(line, family));
	}
	// A jump to what is no chain is one to a target that is not known here.
	return chains.map(chain => ({
		...chain,
		rules: chain.rules.map(rule => known(rule, chain, chains)),
	}));
}

function priorityOf(table: string, hook: Hook): number {
	return table === 'nat'
		? hook === 'prerouting' || hook === 'output'
			? -100
			: 100
		: (priorities[table] ?? 0);
}

function known(rule: Rule, {scope}: Chain, chains: readonly Chain[]): Rule {
	const {action} = rule;
	const isJump = action.kind === 'jump' || action.kind === 'goto';
	return isJump && !chains.some(each => each.scope === scope && each.name === action.chain)
		? {...rule, action: {kind: 'unknown'}}
		: rule;
}

function ruleOf(line: string, family: 'ip' | 'ip6'): Rule {
	const options = optionsOf(wordsOf(line.replace(/^\[\d+:\d+\] /, '')).slice(2));
	const end = options.findIndex(({name}) => name === '-j' || name === '-g');
	const target = options[end];
	const tests = options
		.slice(0, end < 0 ? options.length : end)
		.flatMap(each => testOf(each, family));
	return {tests, action: actionOf(target, options.slice(end + 1)), text: line};
}

function actionOf(target: Option | undefined, details: readonly Option[]): Action {
	const [name = ''] = target?.values ?? [];
	switch (name) {
		case '':
			return {kind: 'continue'};
		case 'ACCEPT':
		case 'MASQUERADE':
		case 'SNAT':
			return {kind: 'accept'};
		case 'DROP':
			return {kind: 'drop'};
		case 'REJECT':
			return {kind: 'reject'};
		case 'RETURN':
			return {kind: 'return'};
		case 'REDIRECT':
		case 'DNAT': {
			const [, address, port] =
				/^(?:\[?([\da-f.:]*[\da-f])\]?)?(?::(\d+))?$/i.exec(firstOf(details, '--to-destination')) ??
				[];
			const toPort = port ?? firstOf(details, '--to-ports');
			return /^\d*$/.test(toPort)
				? {kind: 'redirect', address, port: toPort === '' ? undefined : Number(toPort)}
				: {kind: 'unknown'};
		}
		default:
			return harmless.test(name)
				? {kind: 'continue'}
				: {kind: target?.name === '-g' ? 'goto' : 'jump', chain: name};
	}
}

function firstOf(options: readonly Option[], name: string): string {
	return options.find(each => each.name === name)?.values[0] ?? '';
}

const unknown: Test = {on: 'unknown'};

function testOf({name, values, isNot}: Option, family: 'ip' | 'ip6'): Test | readonly Test[] {
	const [value = ''] = values;
	const list = value.split(',');
	switch (name) {
		case '-s':
		case '-d': {
			const ranges = list.map(parseNetwork);
			return ranges.every(each => each !== undefined)
				? {
						on: name === '-s' ? 'source' : 'destination',
						family: family === 'ip' ? 4 : 6,
						ranges,
						isNot,
					}
				: unknown;
		}
		case '-i':
		case '-o':
			return {on: name === '-i' ? 'in' : 'out', names: [value.replace(/\+$/, '*')], isNot};
		case '-p':
			return {on: 'protocol', names: [value], isNot};
		case '--dport':
		case '--dports':
			return {on: 'destination-port', spans: list.map(spanOf), isNot};
		case '--sport':
		case '--sports':
			return {on: 'source-port', spans: list.map(spanOf), isNot};
		case '--ctstate':
		case '--state':
			return {on: 'state', names: list.map(each => each.toLowerCase()), isNot};
		case '--uid-owner':
			return /^\d+(-\d+)?$/.test(value)
				? {on: 'uid', spans: [spanOf(value.replace('-', ':'))], isNot}
				: unknown;
		case '--dst-type':
			return {on: 'destination-type', names: list.map(each => each.toLowerCase()), isNot};
		case '--tcp-flags':
			return {on: 'tcp-flags', mask: flags(value), set: flags(values[1] ?? ''), isNot};
		case '-m':
			return /^(tcp|comment|conntrack|state|multiport|owner|addrtype)$/.test(value)
				? []
				: value === 'udp'
					? {on: 'never'}
					: unknown;
		case '--comment':
			return [];
		default:
			return unknown;
	}
}

function flags(text: string): readonly string[] {
	return text === 'NONE' ? [] : text.toLowerCase().split(',');
}

function spanOf(text: string): Span {
	const [first = '', last = first] = text.split(':');
	return {first: Number(first), last: Number(last)};
}
