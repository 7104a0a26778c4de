import {listenersOnLinux} from './linux.js';
import type {Listening} from './listening.js';
import {listenersOnMacos} from './macos.js';
import {listenersOnWindows} from './windows.js';

/**
 * The TCP sockets that programs of this user listen on: from `/proc` on Linux, where no program is
 * needed, by `lsof` on macOS and by `netstat` on Windows. Under sudo the person's count, too. Never
 * throws: what cannot be found out is left out.
 *
 * @param patience milliseconds for each thing that is asked; 2000 by default
 * @returns by port; several for a port where a program listens on several addresses
 */
export async function listeners(patience = 2000): Promise<readonly Listening[]> {
	try {
		const found = await (systems[process.platform]?.(patience) ?? []);
		return found.sort((one, other) => one.port - other.port);
	} catch {
		return [];
	}
}

const systems: Partial<Record<NodeJS.Platform, (patience: number) => Promise<Listening[]>>> = {
	linux: listenersOnLinux,
	darwin: listenersOnMacos,
	win32: listenersOnWindows,
};
