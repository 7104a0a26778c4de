import {posix, win32} from 'node:path';
import {UserError} from '../../errors.js';
import {printable} from '../../printable.js';
import {findKeystores, type Keystore} from './java/keystores.js';
import {deleting, entriesOf, importing} from './java/keytool.js';
import {familyOf} from './linux-families.js';
import type {Machine} from './machine.js';
import type {FindPlaces, Place} from './place.js';
import {fingerprintOf, isOurs, mayHoldOurs, type Root} from './root.js';
import type {Actor} from './run-program.js';
import {commandLine, type Step, withRollback} from './step.js';
import {undoFor} from './undo.js';

/**
 * The keystores of every Java found. Debian's is also kept by the system's store: what came in that way
 * is found here under Debian's name for it.
 */
export const findJava: FindPlaces = async machine =>
	(await findKeystores(machine)).map(keystore => placeOf(machine, keystore));

function placeOf(machine: Machine, keystore: Keystore): Place {
	const {path} = keystore;
	const by = ownerOf(machine, path);
	const found = keytoolFor(machine, keystore);
	const program = found ?? 'keytool';
	const isUnseen = found === undefined && mayHoldOurs(machine.read(path));
	const entries = () => entriesOf(machine, program, path, by);
	return {
		store: 'java',
		label: printable(`Java keystore ${path}`, 500),
		by,
		followsSystem: path === familyOf(machine)?.keystore,
		obstacle: obstacleOf(machine, path, by) ?? (isUnseen ? missing : undefined),
		async look() {
			const all = found === undefined ? [] : await entries();
			return all.map(({certificate}) => certificate).filter(isOurs);
		},
		async add(root) {
			if (found === undefined) {
				throw byHand(machine, keystore, root);
			}
			const undo = undoOf(machine, root, by, path);
			const change = (copy: string) =>
				by === 'root' && machine.platform !== 'win32'
					? importingAsRoot(program, copy, root)
					: [importing(program, copy, root.name, root.file)];
			return withRollback(
				[...(undo?.before ?? []), ...onCopy(machine, path, root, change), ...(undo?.after ?? [])],
				undo?.cancel ?? [],
			);
		},
		async remove(root) {
			const undo = undoOf(machine, root, by, path);
			if (undo?.putBack !== undefined) {
				return undo.putBack;
			}
			const held = (await entries()).filter(
				({certificate}) => fingerprintOf(certificate) === root.fingerprint,
			);
			const change = (copy: string) => held.map(({alias}) => deleting(program, copy, alias));
			return [...onCopy(machine, path, root, change), ...(undo?.drop ?? [])];
		},
		afterwards: 'start Java programs anew that are running',
	};
}

/**
 * Changes a copy beside the keystore, which then takes its place: keytool empties the file that it writes
 * to first, and with a full disk that is how it stays.
 */
function onCopy(
	{platform}: Machine,
	keystore: string,
	root: Root,
	change: (copy: string) => readonly Step[],
): readonly Step[] {
	const {join, dirname} = platform === 'win32' ? win32 : posix;
	const copy = join(dirname(keystore), `${root.name}.keystore`);
	return [
		...withRollback([{kind: 'copy', from: keystore, to: copy}], [{kind: 'remove', path: copy}]),
		...change(copy),
		{kind: 'move', from: copy, to: keystore},
	];
}

/** Imports a copy that only root can change: the root's own file is the person's. */
function importingAsRoot(program: string, keystore: string, root: Root): readonly Step[] {
	const copy = posix.join(posix.dirname(keystore), `${root.name}.pem`);
	const content = root.certificate.toString();
	const remove = {kind: 'remove', path: copy} as const;
	return [
		{kind: 'write', path: copy, content, from: root.file, mode: 0o644, rollback: [remove]},
		importing(program, keystore, root.name, copy),
		remove,
	];
}

/** On Windows what lies in `Program Files` is the administrator's, and no record is kept of it. */
function undoOf(machine: Machine, root: Root, by: Actor, path: string) {
	return machine.platform === 'win32' && by === 'root'
		? undefined
		: undoFor(machine, root, by, [path]);
}

function ownerOf(machine: Machine, path: string): Actor {
	if (machine.platform === 'win32') {
		return isInProgramFiles(machine, path) ? 'root' : 'person';
	}
	const owners = [path, posix.dirname(path)].map(each => machine.entry(each)?.uid);
	return owners.includes(0) ? 'root' : 'person';
}

function isInProgramFiles({env}: Machine, path: string): boolean {
	const folders = [env.ProgramFiles, env['ProgramFiles(x86)']];
	return folders.some(folder => folder !== undefined && path.startsWith(folder + win32.sep));
}

function obstacleOf(machine: Machine, path: string, by: Actor): Place['obstacle'] {
	const uid = machine.entry(path)?.uid;
	if (by === 'root' && !machine.isGuarded(path)) {
		return {
			reason: `others than root can change ${path}, or a directory above it`,
			hint: "see who owns them; Sealport changes as root only what is root's alone",
		};
	}
	return by === 'person' && machine.uid !== undefined && uid !== machine.uid
		? {
				reason: `${path} belongs to another user (uid ${uid})`,
				hint: 'run the same command as that user',
			}
		: undefined;
}

/** Any `keytool` knows the keystores of all; the Java's own is the nearest. */
function keytoolFor(machine: Machine, {homes}: Keystore): string | undefined {
	const isWindows = machine.platform === 'win32';
	const name = isWindows ? 'keytool.exe' : 'keytool';
	const {join} = isWindows ? win32 : posix;
	const own = homes.map(home => join(home, 'bin'));
	const safe = isWindows ? own.filter(directory => isInProgramFiles(machine, directory)) : own;
	return machine.find(name, safe) ?? machine.find(name);
}

const missing = {
	reason: 'no keytool was found in a directory that only root can change',
	hint: 'install a Java from the packages of your system',
};

/** The Java's own `keytool` may be anybody's: a person may run it, Sealport does not. */
function byHand(machine: Machine, {path, homes: [home = '']}: Keystore, root: Root): UserError {
	const {join} = machine.platform === 'win32' ? win32 : posix;
	const step = importing(join(home, 'bin', 'keytool'), path, root.name, root.file);
	const command = commandLine(step, machine.platform);
	return new UserError('trust-store-unusable', missing.reason, {
		hint: `${missing.hint}, or run: ${command}`,
	});
}
