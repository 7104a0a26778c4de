import {existsSync, readFileSync} from 'node:fs';
import {UserError} from '../../errors.js';
import {findProgram} from '../../pki/trust/find-program.js';
import {runProgram} from '../../pki/trust/run-program.js';
import {readIptables} from './iptables-save.js';
import {readNftables} from './nft-json.js';
import type {Chain} from './ruleset.js';

/** Milliseconds. */
const patience = 30_000;

/** The rules in force. */
export interface InForce {
	readonly chains: readonly Chain[];
	/** The programs that told them. */
	readonly sources: readonly string[];
	/** What could not be looked at, for people. */
	readonly unseen: readonly string[];
}

const saving = [
	{program: 'iptables-nft-save', family: 'ip', legacy: false},
	{program: 'ip6tables-nft-save', family: 'ip6', legacy: false},
	{program: 'iptables-legacy-save', family: 'ip', legacy: true},
	{program: 'ip6tables-legacy-save', family: 'ip6', legacy: true},
] as const;

/**
 * Reads the rules that are in force on this machine, and changes none. It takes the rights of root.
 *
 * @throws UserError `command-unusable` where nothing can be read
 */
export async function readRules(): Promise<InForce> {
	const nft = findProgram('nft');
	const others = savers();
	if (nft === undefined && others.length === 0) {
		throw new UserError(
			'command-unusable',
			'firewall: the rules in force cannot be read: neither nft nor iptables-save is here',
			{hint: 'install nftables, with which the rules of iptables can be read, too'},
		);
	}
	const saved = await Promise.all(
		others.map(async ({path, program, family, legacy}) => {
			const text = await ask(path, []);
			const chains = readIptables(text, family, program);
			return {text, chains, legacy};
		}),
	);
	const byTables = saved.filter(({legacy}) => !legacy).flatMap(ownTables);
	const native =
		nft === undefined
			? byTables
			: readNftables(
					await ask(nft, ['--json', 'list', 'ruleset']),
					await ask(nft, ['--handle', 'list', 'ruleset']),
					byTables,
				);
	const chains = [...native, ...saved.filter(({legacy}) => legacy).flatMap(each => each.chains)];
	const sources = [...(nft === undefined ? [] : ['nft']), ...others.map(({program}) => program)];
	const seesLegacy = others.some(({legacy}) => legacy);
	const unseen = [
		...(nft === undefined && !others.some(({legacy}) => !legacy)
			? ['rules of nftables (install nft)']
			: []),
		...(hasLegacy() && !seesLegacy ? ['rules of iptables-legacy (install iptables)'] : []),
	];
	return {chains, sources, unseen};
}

/** Without tables that nft has made under the same names, of which iptables tells something else. */
function ownTables({text, chains}: {readonly text: string; readonly chains: readonly Chain[]}) {
	const strange = Array.from(
		text.matchAll(/^# Table `(\w+)' (?:is|contains) incompatible/gm),
		([, name]) => name,
	);
	return chains.filter(({table}) => !strange.includes(table));
}

/** Where a system has one kind of iptables only, that one has no name of its own. */
function savers() {
	const named = saving.flatMap(each => {
		const path = findProgram(each.program);
		return path === undefined ? [] : [{...each, path, program: each.program as string}];
	});
	return named.length > 0
		? named
		: (['ip', 'ip6'] as const).flatMap(family => {
				const program = `${family}tables-save`;
				const path = findProgram(program);
				return path === undefined ? [] : [{program, family, path, legacy: true}];
			});
}

function hasLegacy(): boolean {
	return ['/proc/net/ip_tables_names', '/proc/net/ip6_tables_names'].some(path => {
		try {
			return existsSync(path) && readFileSync(path, 'utf8').trim() !== '';
		} catch {
			return false;
		}
	});
}

async function ask(program: string, args: readonly string[]): Promise<string> {
	const {code, stdout, stderr} = await runProgram(program, args, 'root', patience);
	if (code !== 0) {
		const why = stderr.trim().split('\n')[0] ?? '';
		throw new UserError('command-unusable', `firewall: ${program} failed: ${why}`, {
			hint: `see what it says: sudo ${[program, ...args].join(' ')}`,
		});
	}
	return stdout;
}
