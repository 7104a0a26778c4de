import {closeSync, constants, fstatSync, openSync, statSync} from 'node:fs';
import {reasonOf} from '../../../errors.js';
import {printable} from '../../../printable.js';
import type {PeerCondition, Reading} from './condition.js';

/** In which network namespace it is to be. */
export interface NetnsCondition extends PeerCondition {
	/** `device:inode`, as `Peer.netns` has it. */
	readonly id: string;
}

/** Namespaces that no process may have any more, held so that their numbers are not given to others. */
const held = new FinalizationRegistry<number>(file => closeSync(file));

/** Reads `netns=`: the name of a namespace as `ip netns` has it, or the path of one such as /proc/4121/ns/net. */
export function parseNetns(text: string, {system, refuse}: Reading): NetnsCondition {
	if (system.platform !== 'linux') {
		return refuse('network namespaces are Linux only');
	}
	const isPath = text.startsWith('/');
	if (!isPath && !/^(?!\.{1,2}$)[^/\u0000]+$/.test(text)) {
		return refuse(`expected a name or a path, got ${JSON.stringify(text)}`);
	}
	const found = firstOf(isPath ? [text] : [`/run/netns/${text}`, `/var/run/netns/${text}`]);
	const shown = JSON.stringify(printable(text));
	if (typeof found === 'string') {
		return refuse(
			`cannot find the network namespace ${shown}: ${found}`,
			'"ip netns list" shows those with a name; a process has its own at /proc/<pid>/ns/net',
		);
	}
	// All namespaces are on one device, and of those of a process only one is for networks.
	const isOther = /^\/proc\/.*\/ns\/(?!net$)/.test(text);
	if (isOther || found.device !== statSync('/proc/self/ns/net').dev) {
		closeSync(found.file);
		return refuse(`${shown} is no network namespace`);
	}
	const condition: NetnsCondition = {
		text,
		id: found.id,
		holds: ({netns}) => (netns === undefined ? undefined : netns === found.id),
	};
	held.register(condition, found.file);
	return condition;
}

function firstOf(
	paths: readonly string[],
): {readonly file: number; readonly id: string; readonly device: number} | string {
	let why = '';
	for (const path of paths) {
		try {
			const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
			const {dev, ino} = fstatSync(file);
			return {file, id: `${dev}:${ino}`, device: dev};
		} catch (error) {
			why = reasonOf(error);
		}
	}
	return why;
}
