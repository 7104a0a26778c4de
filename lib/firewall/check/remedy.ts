import {shellWord} from '../../shell-word.js';
import {everything, loopback, type Range, rangesText, subtract} from '../networks.js';
import type {Contradiction} from './contradictions.js';

/** What to do about a rule in force: a command line where one does it. */
export function remedyOf(contradiction: Contradiction): string {
	const {kind, chain, port, clients, family} = contradiction;
	if (chain.table === 'sealport' && chain.family === 'inet') {
		return anew('nftables', 'nft -f -');
	}
	if (/^SEALPORT(_HERE)?$/.test(chain.name)) {
		return anew('iptables', 'sh');
	}
	if (kind === 'redirect' || kind === 'led here') {
		return 'take that rule out, or have Sealport listen on another port by --port';
	}
	const places = isEverywhere(contradiction) ? [] : (clients ?? []);
	const words =
		chain.tool === 'nft'
			? [
					`sudo nft insert rule ${chain.family} ${shellWord(chain.table)} ${shellWord(chain.name)}`,
					...nftTest(places, family),
					`tcp dport ${port} accept`,
				]
			: [
					`sudo ${family === 4 ? 'iptables' : 'ip6tables'} -t ${chain.table} -I ${shellWord(chain.name)} -p tcp`,
					...iptablesTest(places),
					`--dport ${port} -j ACCEPT`,
				];
	return `let it through there: ${words.join(' ')}`;
}

function anew(dialect: string, program: string): string {
	return `these rules are for another policy of Sealport; with the flags of this one: sealport firewall --for ${dialect} | sudo ${program}`;
}

function isEverywhere({clients = [], family}: Contradiction): boolean {
	return subtract([everything(family)], [...clients, ...loopback]).length === 0;
}

function nftTest(places: readonly Range[], family: 4 | 6): readonly string[] {
	const texts = places.map(each => rangesText([each]));
	const field = family === 4 ? 'ip saddr' : 'ip6 saddr';
	return texts.length < 2
		? texts.map(each => `${field} ${each}`)
		: [shellWord(`${field} { ${texts.join(', ')} }`)];
}

/** A list of networks stands for as many rules; a range takes one of its own. */
function iptablesTest(places: readonly Range[]): readonly string[] {
	const texts = places.map(each => rangesText([each]));
	const [first = ''] = texts;
	return texts.length === 0
		? []
		: texts.some(each => each.includes('-'))
			? [`-m iprange --src-range ${texts.find(each => each.includes('-')) ?? first}`]
			: [`-s ${texts.join(',')}`];
}
