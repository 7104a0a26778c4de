import {readFileSync, statSync} from 'node:fs';
import {userInfo} from 'node:os';

let names: ReadonlyMap<number, string> = new Map();
let read: string | undefined;

/** The name of a user: ours as the system has it, that of others from `/etc/passwd`, or the number. */
export function nameOf(uid: number): string {
	const found = statSync('/etc/passwd', {throwIfNoEntry: false});
	const version = `${found?.ino} ${found?.mtimeMs} ${found?.size}`;
	if (version !== read) {
		names = readNames();
		read = version;
	}
	return names.get(uid) ?? String(uid);
}

function readNames(): Map<number, string> {
	const all = new Map<number, string>();
	try {
		for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
			const [name, , uid] = line.split(':');
			if (name && uid && /^\d+$/.test(uid) && !all.has(Number(uid))) {
				all.set(Number(uid), name);
			}
		}
	} catch {
		// Numbers will do.
	}
	try {
		const {uid, username} = userInfo();
		all.set(uid, username);
	} catch {
		// A container may run under a number that has no name.
	}
	return all;
}
