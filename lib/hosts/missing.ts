import {lookup} from 'node:dns/promises';
import {isIP} from 'node:net';
import {networkInterfaces} from 'node:os';
import {hostsFile, readHosts} from './file.js';
import {leadsHere} from './lines.js';

/**
 * Which names do not lead to this machine. Those of `localhost` are not asked for, since browsers know
 * them, nor are addresses. A name that takes longer than the patience does not lead here: one in the
 * hosts file is known at once.
 *
 * @param patience milliseconds; 2000 by default
 */
export async function missingNames(
	names: readonly string[],
	patience = 2000,
	file: string = hostsFile(),
): Promise<readonly string[]> {
	const asked = [...new Set(names)].filter(
		name => !/(?:^|\.)localhost$/.test(name) && isIP(name) === 0 && !isInFile(file, name),
	);
	const found = await Promise.all(asked.map(name => resolvesHere(name, patience)));
	return asked.filter((_, index) => !found[index]);
}

function isInFile(file: string, name: string): boolean {
	try {
		return leadsHere(readHosts(file), name);
	} catch {
		// What is wrong with the file is said when it is to be changed.
		return false;
	}
}

async function resolvesHere(name: string, patience: number): Promise<boolean> {
	let timer: NodeJS.Timeout | undefined;
	const tooLate = new Promise<boolean>(resolve => {
		timer = setTimeout(resolve, patience, false);
	});
	const own = Object.values(networkInterfaces()).flatMap(each => each ?? []);
	const here = (address: string) =>
		address.startsWith('127.') || own.some(each => each.address === address);
	const asked = lookup(name, {all: true}).then(
		found => found.some(({address}) => here(address)),
		() => false,
	);
	const result = await Promise.race([asked, tooLate]);
	clearTimeout(timer);
	return result;
}
