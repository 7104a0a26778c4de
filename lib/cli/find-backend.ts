import {homedir} from 'node:os';
import {sep} from 'node:path';
import {UserError} from '../errors.js';
import {type DevServer, devServers, type Found} from '../find/dev-servers.js';
import {printable} from '../printable.js';
import {shellWord} from '../shell-word.js';
import type {Flags} from './flags.js';
import {complain, note} from './output.js';

/**
 * Finds the dev server that runs in this directory, or else on this machine, and says which it is; where there
 * are several, says how to name each.
 *
 * @param find how they are found
 * @param cwd this directory
 * @returns what to wrap; `undefined` where there are several, which is wrong usage and has been said
 * @throws UserError `usage` when there is none
 */
export async function findBackend(
	{quiet}: Pick<Flags, 'quiet'>,
	find: () => Promise<Found> = devServers,
	cwd: string = process.cwd(),
): Promise<string | undefined> {
	const {answering, silent} = await find();
	const here = answering.filter(({directory}) => directory === cwd);
	const [only, ...others] = here.length === 1 ? here : answering;
	if (only === undefined) {
		throw none(silent);
	}
	if (others.length > 0) {
		const commands = answering.map(({backend}) => `sealport ${shellWord(backend)}`);
		const width = Math.max(...commands.map(({length}) => length));
		complain(
			`${answering.length} dev servers are listening, and none is named: name the one to wrap`,
			answering.map((server, index) => `${commands[index]?.padEnd(width)}   ${whatItIs(server)}`),
		);
		return undefined;
	}
	if (!quiet) {
		const at = only.backend === String(only.port) ? `port ${only.port}` : only.backend;
		note(`found ${only.label} on ${at} (${[`pid ${only.pid}`, placeOf(only)].flat().join(', ')})`);
	}
	return only.backend;
}

function none(silent: readonly DevServer[]): UserError {
	const [one] = silent;
	if (one !== undefined) {
		return new UserError(
			'usage',
			`no backend given, and no dev server found that answers: ${one.label} (pid ${one.pid}) accepts connections on port ${one.port} and keeps silent`,
			{hint: `sealport ${shellWord(one.backend)} wraps it all the same`},
		);
	}
	return new UserError('usage', 'no backend given, and no dev server found on this machine', {
		hint:
			'start yours and run sealport again, or name its port, such as sealport 3000; ' +
			'sealport run starts it for you, and sealport demo brings one',
	});
}

/** `vite, ~/app`. */
export function whatItIs(server: DevServer): string {
	return [server.label, placeOf(server)].flat().join(', ');
}

function placeOf({directory}: DevServer, home: string = homedir()): readonly string[] {
	if (directory === undefined) {
		return [];
	}
	const inHome = directory === home || directory.startsWith(home + sep);
	return [printable(inHome ? `~${directory.slice(home.length)}` : directory, 120)];
}
