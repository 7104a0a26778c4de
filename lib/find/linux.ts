import {readlink} from 'node:fs/promises';
import {ownersOf, readProcess, readSockets} from '../listener/holder/linux.js';
import {sudoer} from '../pki/store/owner.js';
import {asListening, type Listening} from './listening.js';

/** `listeners` on Linux: from `/proc` alone. */
export async function listenersOnLinux(patience: number): Promise<Listening[]> {
	// With sudo, as for port 443, the dev server is still the person's.
	const own = [process.getuid?.(), sudoer()?.uid];
	const sockets = (await readSockets()).filter(
		({listening, uid}) => listening && own.includes(uid),
	);
	const owners = await ownersOf(new Set(sockets.map(({inode}) => inode)), Date.now() + patience);
	const found = await Promise.all(
		sockets.map(async ({port, address, inode}) => {
			const pid = owners.get(inode);
			if (pid === undefined) {
				return [];
			}
			const [{name, argv}, directory] = await Promise.all([
				readProcess(pid),
				readlink(`/proc/${pid}/cwd`).catch(() => undefined),
			]);
			return [asListening({port, address, pid, name, argv, directory})];
		}),
	);
	return found.flat();
}
