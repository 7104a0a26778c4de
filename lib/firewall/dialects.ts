import {findProgram} from '../pki/trust/find-program.js';
import type {Dialect, DialectName} from './dialect.js';
import {iptables} from './iptables.js';
import {nftables} from './nftables.js';
import {pf} from './pf.js';
import {windows} from './windows.js';

/** How rules are written, by the name of the firewall. */
export const dialects: Readonly<Record<DialectName, Dialect>> = {nftables, iptables, pf, windows};

/** The firewall that this machine most likely has. */
export function likelyDialect(
	platform: NodeJS.Platform = process.platform,
	find: (program: string) => string | undefined = findProgram,
): DialectName {
	switch (platform) {
		case 'win32':
			return 'windows';
		case 'darwin':
		case 'freebsd':
		case 'openbsd':
		case 'netbsd':
			return 'pf';
		default:
			return find('nft') === undefined && find('iptables') !== undefined ? 'iptables' : 'nftables';
	}
}
