import type {X509Certificate} from 'node:crypto';
import {join} from 'node:path';
import {UserError} from '../../errors.js';
import {certificatesIn} from './certificates-in.js';
import {familyOf, type LinuxFamily} from './linux-families.js';
import type {Machine} from './machine.js';
import type {FindPlaces, Place} from './place.js';
import {fingerprintOf, isOurs, type Root} from './root.js';
import type {Step} from './step.js';
import {undoFor} from './undo.js';

/** The system store of a Linux distribution. */
export const findLinux: FindPlaces = async machine => {
	if (machine.platform !== 'linux') {
		return [];
	}
	const family = familyOf(machine);
	return [family === undefined ? unknown : placeOf(machine, family)];
};

const unknown: Place = {
	store: 'system',
	label: 'system trust store',
	by: 'root',
	obstacle: {
		reason: 'this Linux keeps its trust store in a way that Sealport does not know',
		hint: 'add the file of the root certificate as the handbook of your distribution says',
	},
	look: async () => [],
	add: async () => [],
	remove: async () => [],
};

function placeOf(machine: Machine, family: LinuxFamily): Place {
	const {directory, extension, keystore} = family;
	const program = machine.find(family.program);
	const update = (args: readonly string[]): Step[] =>
		program === undefined ? [] : [{kind: 'run', program, args}];
	const undo = (root: Root) => undoFor(machine, root, 'root', [keystore]);
	return {
		store: 'system',
		label: `system trust store (${directory})`,
		by: 'root',
		obstacle: program === undefined ? missing(family) : undefined,
		look: async () => bundled(machine, family),
		async leftovers() {
			const trusted = new Set(bundled(machine, family).map(fingerprintOf));
			return files(machine, family)
				.flatMap(({certificates}) => certificates)
				.filter(certificate => isOurs(certificate) && !trusted.has(fingerprintOf(certificate)));
		},
		async add(root) {
			const path = join(directory, root.name + extension);
			const isThere = refuseUnguarded(machine, directory);
			refuseOthers(machine, path, root);
			const {before, after} = undo(root);
			const isRewritten = machine.entry(keystore)?.kind === 'file';
			return [
				...(isThere ? [] : [{kind: 'directory', path: directory, mode: 0o755} as const]),
				...(isRewritten ? before : []),
				{
					kind: 'write',
					path,
					content: root.certificate.toString(),
					from: root.file,
					mode: 0o644,
				},
				...update(family.add),
				...(isRewritten ? after : []),
			];
		},
		async remove(root) {
			refuseUnguarded(machine, directory);
			const holding = files(machine, family).filter(({certificates}) =>
				certificates.some(certificate => fingerprintOf(certificate) === root.fingerprint),
			);
			const shared = holding.find(({certificates}) => certificates.length > 1);
			if (shared !== undefined) {
				throw unusable(
					`${shared.path} holds other certificates, too`,
					`take the one with the SHA-256 fingerprint ${root.fingerprint} out of it by hand`,
				);
			}
			const {putBack, drop} = undo(root);
			return [
				...holding.map(({path}) => ({kind: 'remove', path}) as const),
				...update(family.remove),
				...(putBack ?? drop),
			];
		},
	};
}

function missing({program, install}: LinuxFamily) {
	return {
		reason: `${program} was not found in a directory that only root can change`,
		hint: `install it: sudo ${install}`,
	};
}

/** Ours among the certificates that other programs read. */
function bundled(machine: Machine, {bundle}: LinuxFamily): readonly X509Certificate[] {
	return certificatesIn(machine.read(bundle) ?? '').filter(isOurs);
}

/** The administrator's files, each with the certificates in it. */
function files(machine: Machine, {directory, extension}: LinuxFamily) {
	const names = machine.list(directory).filter(name => name.endsWith(extension));
	return names.map(name => {
		const path = join(directory, name);
		return {path, certificates: certificatesIn(machine.read(path) ?? '')};
	});
}

/** Whether the directory is there; refuses one that is not root's alone. */
function refuseUnguarded(machine: Machine, directory: string): boolean {
	const kind = machine.entry(directory)?.kind;
	if (kind === undefined) {
		return false;
	}
	const hint = 'see who made it, and make it a directory that only root can write to';
	if (kind === 'link') {
		throw unusable(`cannot use ${directory}: it is a symbolic link`, hint);
	}
	if (kind !== 'directory') {
		throw unusable(`cannot use ${directory}: it is not a directory`, hint);
	}
	if (!machine.isGuarded(directory)) {
		throw unusable(`cannot use ${directory}: others than root can write to it`, hint);
	}
	return true;
}

/** Refuses to write over what is not this root, which an earlier attempt may have left. */
function refuseOthers(machine: Machine, path: string, root: Root): void {
	const kind = machine.entry(path)?.kind;
	const hint = 'see what it is, remove it and run the same command again';
	if (kind === 'link') {
		throw unusable(`cannot write ${path}: there is a symbolic link in its place`, hint);
	}
	const [first, ...more] = certificatesIn(machine.read(path) ?? '');
	const isSame = first !== undefined && fingerprintOf(first) === root.fingerprint;
	if (kind !== undefined && (kind !== 'file' || !isSame || more.length > 0)) {
		throw unusable(`cannot write ${path}: there is something else in its place`, hint);
	}
}

function unusable(message: string, hint: string): UserError {
	return new UserError('trust-store-unusable', message, {hint});
}
