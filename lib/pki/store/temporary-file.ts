import {randomBytes} from 'node:crypto';
import {
	closeSync,
	constants,
	fchmodSync,
	fsyncSync,
	lstatSync,
	openSync,
	readdirSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import {systemCode} from '../../errors.js';

const pattern = /^\.sealport-(\d+)-[\da-f]{16}\.tmp$/;
/** The ones that this process is writing right now. */
const pending = new Set<string>();
/** Milliseconds after which a file of a process that seems to live is a stray one all the same. */
const oldest = 60_000;

/** Whether a file name is that of a temporary file of this store. */
export function isTemporary(name: string): boolean {
	return pattern.test(name);
}

/**
 * Writes a temporary file, hands its path on, and removes what is left of it.
 *
 * @param directory where it is to lie: the directory of the file that it will become
 * @param content text goes as UTF-8; on the disk when `use` is called, readable by its owner only from the first byte
 * @param use links or renames it
 */
export function withTemporary<Result>(
	directory: string,
	content: string | Buffer,
	use: (path: string) => Result,
): Result {
	const name = `.sealport-${process.pid}-${randomBytes(8).toString('hex')}.tmp`;
	const path = join(directory, name);
	pending.add(name);
	try {
		const {O_CREAT, O_EXCL, O_WRONLY, O_NOFOLLOW = 0} = constants;
		const file = openSync(path, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o600);
		try {
			// The umask can only take rights away; a umask of 0777 takes even the owner's.
			fchmodSync(file, 0o600);
			writeFileSync(file, content);
			fsyncSync(file);
		} finally {
			closeSync(file);
		}
		return use(path);
	} finally {
		rmSync(path, {force: true});
		pending.delete(name);
	}
}

/**
 * Removes the temporary files that processes left which were killed. A file of a living process stays
 * for a minute; should one be removed too early all the same (a process in another container), its
 * writer tries again.
 */
export function sweepTemporaries(directory: string, now: number = Date.now()): void {
	for (const name of readdirSync(directory)) {
		const pid = Number(pattern.exec(name)?.[1] ?? Number.NaN);
		if (Number.isNaN(pid) || pending.has(name)) {
			continue;
		}
		const path = join(directory, name);
		try {
			// Our own number without our own note of it: in a container each start may have the same one.
			if (pid === process.pid || !isAlive(pid) || now - lstatSync(path).mtimeMs > oldest) {
				rmSync(path, {force: true});
			}
		} catch {
			// Somebody else swept it, or it is not ours to remove: no reason not to start.
		}
	}
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return systemCode(error) === 'EPERM';
	}
}
