import type {Options} from 'yargs';
import {likelyServers} from '../../find/dev-servers.js';
import {listeners} from '../../find/listeners.js';
import {type Command, nameOf} from '../command.js';
import {commands} from '../commands.js';
import {whatItIs} from '../find-backend.js';
import {firstWord} from '../find-command.js';
import {wrapFlags} from '../flags.js';
import {completionShells} from './shells.js';
import {type Offer, type Offers, plain, valuesOf} from './values.js';

/**
 * What Tab offers.
 *
 * @param words the command line without the program's name; the last is the one being written
 */
export async function offersFor(words: readonly string[]): Promise<Offers> {
	const before = words.slice(0, -1);
	const current = words.at(-1) ?? '';
	if (before.includes('--')) {
		return 'files';
	}
	const everyFlag: Command['flags'] = Object.assign(
		{},
		wrapFlags,
		...commands.map(({flags}) => flags),
	);
	const at = firstWord(before, everyFlag);
	const command = commands.find(each => at >= 0 && nameOf(each) === before[at]);
	const known: Command['flags'] = command?.flags ?? wrapFlags;

	const behind = before.slice(at + 1);
	if (command?.takesCommand === 'bare' && firstWord(behind, known) >= 0) {
		return 'files';
	}
	const [, assigned, written = ''] = /^--([a-z\d-]+)=(.*)$/s.exec(current) ?? [];
	if (assigned !== undefined) {
		const offers = matching(valuesOf(assigned), written);
		return typeof offers === 'string'
			? offers
			: offers.map(({value, meaning}) => ({value: `--${assigned}=${value}`, meaning}));
	}
	const flag = flagOf(before.at(-1) ?? '', known);
	if (flag !== undefined && known[flag]?.type !== 'boolean') {
		return matching(valuesOf(flag), current);
	}
	if (current.startsWith('-')) {
		return matching(flagsLeft(before, known), current);
	}
	return matching(await argument(command, behind, at, known), current);
}

function matching(offers: Offers, written: string): Offers {
	return typeof offers === 'string'
		? offers
		: offers.filter(({value}) => value.startsWith(written));
}

function flagOf(word: string, known: Command['flags']): string | undefined {
	const [, long] = /^--([a-z\d-]+)$/.exec(word) ?? [];
	const [, short] = /^-([a-z])$/i.exec(word) ?? [];
	return Object.entries<Options>(known).find(
		([name, {alias}]) => name === long || (short !== undefined && alias === short),
	)?.[0];
}

function flagsLeft(before: readonly string[], known: Command['flags']): readonly Offer[] {
	const left = Object.entries<Options>(known).filter(
		([name, {array}]) => array || !before.some(word => word.split('=')[0] === `--${name}`),
	);
	return [
		...left.map(([name, {describe}]) => ({value: `--${name}`, meaning: describe || ''})),
		{value: '--help', meaning: 'show help'},
		...(before.length === 0 ? [{value: '--version', meaning: 'show the version'}] : []),
	];
}

/** What may stand where an argument does. */
async function argument(
	command: Command | undefined,
	behind: readonly string[],
	at: number,
	known: Command['flags'],
): Promise<Offers> {
	if (command === undefined) {
		return at >= 0 ? [] : [...(await backends()), ...commands.map(asOffer)];
	}
	if (command.takesCommand === 'bare') {
		return 'files';
	}
	const names = Array.from(command.usage.matchAll(/[[<](\w+)(?:\.\.)?[\]>]/g), ([, name]) => name);
	const count = countArguments(behind, known);
	switch (names[count]) {
		case 'backend':
			return backends();
		case 'shell':
			return plain(completionShells);
		case 'args':
			return plain(['add', 'remove']);
		default:
			return [];
	}
}

function countArguments(words: readonly string[], known: Command['flags']): number {
	const first = firstWord(words, known);
	return first < 0 ? 0 : 1 + countArguments(words.slice(first + 1), known);
}

function asOffer(command: Command): Offer {
	return {value: nameOf(command), meaning: command.summary};
}

/** Whoever listens, without being asked: somebody waits for Tab. */
async function backends(): Promise<readonly Offer[]> {
	const servers = likelyServers(await listeners(500));
	return servers.map(server => ({value: server.backend, meaning: whatItIs(server)}));
}
