import {posix} from 'node:path';
import type {Machine} from '../machine.js';

interface Mount {
	readonly source: string;
	readonly at: string;
	readonly type: string;
	readonly options: string;
}

/**
 * Where drive C: of Windows is mounted, so that what lies in its `Windows/System32` can be run.
 *
 * Modes there say nothing: every file looks as if anybody could write to it. What guards it is Windows,
 * which lets nobody but its own installer change System32, and root, who alone can mount: what counts is
 * that the path leads to C: and to nothing mounted over it. Other drives are left out, for there anybody
 * can make a directory of that name.
 *
 * @returns `undefined` when it is not mounted, or not so that it can be relied on
 */
export function systemDrive(machine: Machine): string | undefined {
	const mounts = mountsIn(machine.read('/proc/mounts')?.toString() ?? '');
	const drive = mounts.findLast(isDriveC);
	if (drive === undefined || !machine.isGuarded(posix.dirname(drive.at))) {
		return undefined;
	}
	const system = posix.join(drive.at, 'Windows/System32');
	const last = mounts.findLast(({at}) => isAbove(at, system) || isAbove(system, at));
	return last === drive ? drive.at : undefined;
}

/** `drvfs` in WSL 1; in WSL 2 a 9p share that Windows serves, whose options name the drive. */
function isDriveC({source, type, options}: Mount): boolean {
	return (
		(type === 'drvfs' && /^C:\\?$/i.test(source)) ||
		(type === '9p' && /(?:^|,)aname=drvfs;path=C:\\?(?:;|,|$)/i.test(options))
	);
}

function isAbove(directory: string, path: string): boolean {
	return path === directory || path.startsWith(directory === '/' ? '/' : `${directory}/`);
}

/** The lines of /proc/mounts (proc(5), fstab(5)): in the order of mounting, odd characters in octal. */
function mountsIn(text: string): readonly Mount[] {
	return text.split('\n').flatMap(line => {
		const [source, at, type, options] = line.split(' ').map(unescaped);
		return source !== undefined && at !== undefined && type !== undefined && options !== undefined
			? [{source, at, type, options}]
			: [];
	});
}

function unescaped(field: string): string {
	return field.replace(/\\([0-7]{3})/g, (_, digits) =>
		String.fromCharCode(Number.parseInt(digits, 8)),
	);
}
