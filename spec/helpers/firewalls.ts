import {execFileSync} from 'node:child_process';
import {mkdirSync, symlinkSync} from 'node:fs';
import {join} from 'node:path';
import type {DialectName} from '../../lib/firewall/dialect.js';
import {findProgram} from '../../lib/pki/trust/find-program.js';
import {noNeighbours} from './neighbours.js';
import type {OwnNetwork} from './own-network.js';
import type {Owner} from './owner.js';
import {temporaryDirectory} from './temporary-directory.js';

/** A firewall of Linux that is tried. */
export interface Firewall {
	readonly name: string;
	readonly dialect: DialectName;
	/** Why it cannot be tried here, or `false`. */
	readonly missing: string | false;
	/** Runs a shell script in a network, with the programs of this firewall. */
	run(t: Owner, network: OwnNetwork, script: string, input?: string): string;
	/** The command that takes a script on its standard input. */
	readonly load: string;
}

/** Not that of npm, where another program is called nft. */
const PATH = '/usr/sbin:/usr/bin:/sbin:/bin';
const programs = ['', '-restore', '-save'].flatMap(end => [`iptables${end}`, `ip6tables${end}`]);

function shell(network: OwnNetwork, script: string, input: string, env: NodeJS.ProcessEnv): string {
	return execFileSync('nsenter', [...network.enter, 'sh', '-c', script], {
		input,
		encoding: 'utf8',
		env,
	});
}

function variant(kind: 'nft' | 'legacy'): Firewall {
	const real = programs.map(name => name.replace('tables', `tables-${kind}`));
	return {
		name: `iptables-${kind}`,
		dialect: 'iptables',
		load: 'sh',
		missing:
			noNeighbours || notThere(real) || doesNotWork(`${real[0]} -S && ${real[1]} -S`, 'iptables'),
		run(t, network, script, input = '') {
			const directory = join(temporaryDirectory(t), 'programs');
			mkdirSync(directory);
			for (const [index, name] of programs.entries()) {
				symlinkSync(findProgram(real[index] ?? '') ?? '', join(directory, name));
			}
			return shell(network, script, input, {PATH: `${directory}:${PATH}`});
		},
	};
}

/** Those of them that can be had are tried with real connections. */
export const firewalls: readonly Firewall[] = [
	{
		name: 'nftables',
		dialect: 'nftables',
		load: 'nft -f -',
		missing: noNeighbours || notThere(['nft']) || doesNotWork('nft add table inet x', 'nf_tables'),
		run: (_, network, script, input = '') => shell(network, script, input, {PATH}),
	},
	variant('nft'),
	variant('legacy'),
];

function notThere(names: readonly string[]): string | false {
	const missing = names.filter(name => findProgram(name) === undefined);
	return missing.length > 0 && `${missing.join(', ')} not installed`;
}

function doesNotWork(command: string, what: string): string | false {
	try {
		execFileSync('unshare', ['--net', 'sh', '-c', command], {stdio: 'ignore', env: {PATH}});
		return false;
	} catch {
		return `the kernel has no ${what}`;
	}
}
