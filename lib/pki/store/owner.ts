import {userInfo} from 'node:os';

/** The person that files are made for. */
export interface Owner {
	readonly uid: number;
	readonly gid: number;
	readonly name: string;
	/** Home directory. */
	readonly home: string;
}

let known: Owner | undefined | null = null;

/**
 * Who called `sudo`, when this process runs under it: what is personal belongs to that person and not
 * to root. `undefined` without sudo, on Windows, when root itself called it, and for a number without
 * an account.
 */
export function sudoer(): Owner | undefined {
	known = known === null ? find() : known;
	return known;
}

function find(): Owner | undefined {
	const [uid, gid] = [number(process.env.SUDO_UID), number(process.env.SUDO_GID)];
	if (process.getuid?.() !== 0 || uid === undefined || gid === undefined || uid === 0) {
		return undefined;
	}
	try {
		return as(uid, gid, () => {
			const {username, homedir} = userInfo();
			return {uid, gid, name: username, home: homedir};
		});
	} catch {
		return undefined;
	}
}

function number(text: string | undefined): number | undefined {
	return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

/**
 * Does file work as the person who called `sudo`, so that what it makes belongs to that person and what
 * that person may not touch stays out of reach. Without sudo it is done as it is.
 *
 * @param work synchronous, because the identity is that of the whole process: nothing else may happen
 *   in between
 */
export function asOwner<Result>(work: () => Result): Result {
	const owner = sudoer();
	return owner === undefined || process.geteuid?.() !== 0 ? work() : as(owner.uid, owner.gid, work);
}

/** From root to somebody the groups go first, back the user does: only root may change the groups. */
function as<Result>(uid: number, gid: number, work: () => Result): Result {
	const groups = process.getgroups?.() ?? [];
	try {
		process.setgroups?.([gid]);
		process.setegid?.(gid);
		process.seteuid?.(uid);
		return work();
	} finally {
		process.seteuid?.(0);
		process.setegid?.(0);
		process.setgroups?.(groups);
	}
}
