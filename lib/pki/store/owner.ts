import {userInfo} from 'node:os';

/** The person that files are made for. */
export interface Owner {
	readonly uid: number;
	readonly gid: number;
	/** Home directory. */
	readonly home: string;
}

/**
 * Who called `sudo`, when this process runs under it: what is personal belongs to that person and not
 * to root. `undefined` without sudo, on Windows, and when root itself called it.
 *
 * @param env the environment
 */
export function sudoer(
	env: Readonly<Record<string, string | undefined>> = process.env,
): Owner | undefined {
	const uid = number(env.SUDO_UID);
	const gid = number(env.SUDO_GID);
	if (process.getuid?.() !== 0 || uid === undefined || gid === undefined || uid === 0) {
		return undefined;
	}
	return withIdentity(uid, gid, () => ({uid, gid, home: userInfo().homedir}));
}

function number(text: string | undefined): number | undefined {
	return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

let owner: Owner | undefined | null = null;

/**
 * Runs file operations as the person who called `sudo`, so that what they make belongs to that person
 * and what that person may not touch stays out of reach. Without sudo it runs them as they are. Only
 * one at a time, since the identity is that of the whole process.
 */
export async function asOwner<Result>(operation: () => Promise<Result>): Promise<Result> {
	owner = owner === null ? sudoer() : owner;
	if (owner === undefined || process.geteuid?.() !== 0) {
		return operation();
	}
	become(owner.uid, owner.gid);
	try {
		return await operation();
	} finally {
		become(0, 0);
	}
}

function withIdentity<Result>(uid: number, gid: number, act: () => Result): Result {
	become(uid, gid);
	try {
		return act();
	} finally {
		become(0, 0);
	}
}

/** From root to somebody the group goes first, back the user does: only root may change the group. */
function become(uid: number, gid: number): void {
	if (uid === 0) {
		process.seteuid?.(uid);
		process.setegid?.(gid);
	} else {
		process.setegid?.(gid);
		process.seteuid?.(uid);
	}
}
