import type {X509Certificate} from 'node:crypto';
import {join} from 'node:path';
import {UserError} from '../../../errors.js';
import {fingerprintOf, isOurs, type Root} from '../../root.js';
import {certificatesIn} from '../certificates-in.js';
import type {Machine} from '../machine.js';
import type {LinuxFamily} from './families.js';

/** Ours among the certificates that other programs read. */
export function bundled(machine: Machine, {bundle}: LinuxFamily): readonly X509Certificate[] {
	return certificatesIn(machine.read(bundle) ?? '').filter(isOurs);
}

/** Ours among the administrator's files that are not in the bundle, or not yet. */
export function leftOver(machine: Machine, family: LinuxFamily): readonly X509Certificate[] {
	const trusted = new Set(bundled(machine, family).map(fingerprintOf));
	return files(machine, family)
		.flatMap(({certificates}) => certificates)
		.filter(certificate => isOurs(certificate) && !trusted.has(fingerprintOf(certificate)));
}

/**
 * The administrator's files with a root, whatever their names.
 *
 * @throws UserError `trust-store-unusable` for one that holds other certificates, too
 */
export function filesWith(machine: Machine, family: LinuxFamily, root: Root): readonly string[] {
	const holding = files(machine, family).filter(({certificates}) => holds(certificates, root));
	const shared = holding.find(({certificates}) => certificates.length > 1);
	if (shared !== undefined) {
		throw unusable(
			`${shared.path} holds other certificates, too`,
			`take the one with the SHA-256 fingerprint ${root.fingerprint} out of it by hand`,
		);
	}
	return holding.map(({path}) => path);
}

function files(machine: Machine, {directory, extension}: LinuxFamily) {
	const names = machine.list(directory).filter(name => name.endsWith(extension));
	return names.map(name => {
		const path = join(directory, name);
		return {path, certificates: certificatesIn(machine.read(path) ?? '')};
	});
}

function holds(certificates: readonly X509Certificate[], {fingerprint}: Root): boolean {
	return certificates.some(certificate => fingerprintOf(certificate) === fingerprint);
}

/**
 * Whether the administrator's directory is there.
 *
 * @throws UserError `trust-store-unusable` for one that is not root's alone
 */
export function isThere(machine: Machine, {directory}: LinuxFamily): boolean {
	const kind = machine.entry(directory)?.kind;
	if (kind === undefined) {
		return false;
	}
	const hint = 'see who made it so, and make it a directory that only root can write to';
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

/**
 * Refuses to write over what is not this root, which an earlier attempt may have left.
 *
 * @throws UserError `trust-store-unusable`
 */
export function refuseOthers(machine: Machine, path: string, root: Root): void {
	const kind = machine.entry(path)?.kind;
	const hint = 'see what it is, remove it and run the same command again';
	if (kind === 'link') {
		throw unusable(`cannot write ${path}: there is a symbolic link in its place`, hint);
	}
	const found = certificatesIn(machine.read(path) ?? '');
	const isSame = kind === 'file' && found.length === 1 && holds(found, root);
	if (kind !== undefined && !isSame) {
		throw unusable(`cannot write ${path}: there is something else in its place`, hint);
	}
}

function unusable(message: string, hint: string): UserError {
	return new UserError('trust-store-unusable', message, {hint});
}
