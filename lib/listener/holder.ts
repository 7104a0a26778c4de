import type {Holder} from './holder/holder.js';
import {findOnLinux} from './holder/linux.js';
import {findOnMacos} from './holder/macos.js';
import {findOnWindows} from './holder/windows.js';

/**
 * Finds who holds a TCP port. Asks `/proc` on Linux, `lsof` on macOS and `netstat` on Windows, each
 * with a deadline. Never throws: what cannot be found out is `undefined`.
 *
 * @param port from 1 to 65535
 * @param address the address that could not be listened on; without it, any address counts
 * @param patience milliseconds for each thing that is asked; 2000 by default, for a start that has failed
 */
export async function findHolder(
	port: number,
	address?: string,
	patience = 2000,
): Promise<Holder | undefined> {
	try {
		switch (process.platform) {
			case 'linux':
				return await findOnLinux(port, address, patience);
			case 'darwin':
				return await findOnMacos(port, address, patience);
			case 'win32':
				return await findOnWindows(port, address, patience);
			default:
				return undefined;
		}
	} catch {
		// The caller is about to report why listening failed; a failed search must not take its place.
		return undefined;
	}
}

/**
 * Words for a holder, to follow "held by": `node (pid 4121), "vite --port 62893"`.
 *
 * @param holder what `findHolder` found
 * @param self pid and user of the process that asks; this process by default
 */
export function describeHolder(
	holder: Holder | undefined,
	self: {readonly pid: number; readonly uid: number | undefined} = {
		pid: process.pid,
		uid: process.getuid?.(),
	},
): string {
	if (holder === undefined) {
		return 'another program';
	}
	if (holder.kind === 'connection') {
		return `an outgoing connection of ${program(holder, self.uid)}`;
	}
	if (holder.pid === self.pid) {
		return `this process itself (pid ${holder.pid})`;
	}
	const command = holder.command === undefined ? '' : `, "${holder.command}"`;
	return holder.sealport
		? `another Sealport (pid ${holder.pid})${command}`
		: `${program(holder, self.uid)}${command}`;
}

function program(holder: Holder, ownUid: number | undefined): string {
	if (holder.pid !== undefined) {
		return `${holder.name ?? 'a process'} (pid ${holder.pid})`;
	}
	if (holder.uid === undefined) {
		return 'another program';
	}
	return holder.uid === ownUid
		? `a process that cannot be seen from here (uid ${holder.uid})`
		: `a process of another user (uid ${holder.uid})`;
}
