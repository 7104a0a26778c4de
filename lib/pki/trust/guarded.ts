import {lstatSync, readlinkSync} from 'node:fs';
import {isAbsolute, join, parse, sep} from 'node:path';

/** Links that are followed before they are taken for a circle, as in Linux. */
const most = 40;

/**
 * Whether nobody but root can change what a path leads to: it, every directory above it and every link
 * on the way belong to root, and neither group (but root's own) nor others may write to them. On
 * Windows, where modes say nothing, the answer is always yes.
 *
 * @param path absolute; links in it are followed
 */
export function isGuarded(path: string): boolean {
	if (process.platform === 'win32') {
		return true;
	}
	try {
		return isAbsolute(path) && walk(path);
	} catch {
		return false;
	}
}

function walk(path: string): boolean {
	let at = parse(path).root;
	let links = 0;
	const ahead = namesOf(path);
	while (isRoots(at)) {
		const name = ahead.shift();
		if (name === undefined) {
			return true;
		}
		const next = join(at, name);
		if (!lstatSync(next).isSymbolicLink()) {
			at = next;
			continue;
		}
		links += 1;
		const to = readlinkSync(next);
		if (links > most || lstatSync(next).uid !== 0) {
			return false;
		}
		ahead.unshift(...namesOf(to));
		at = isAbsolute(to) ? parse(to).root : at;
	}
	return false;
}

function namesOf(path: string): string[] {
	return path.split(sep).filter(name => name !== '' && name !== '.');
}

function isRoots(path: string): boolean {
	const {uid, gid, mode} = lstatSync(path);
	const others = gid === 0 ? 0o002 : 0o022;
	return uid === 0 && (mode & others) === 0;
}
