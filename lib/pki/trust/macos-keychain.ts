import {UserError} from '../../errors.js';
import type {Machine} from './machine.js';
import type {Place} from './place.js';
import type {Actor, Answer} from './run-program.js';

/** One keychain of macOS, with the domain of trust settings that goes with it. */
export interface Keychain {
	readonly label: string;
	readonly path: string;
	readonly by: Actor;
	/** The flag of `security` for its trust settings: `-d` for those of the administrator. */
	readonly domain: readonly string[];
}

/** Why a keychain cannot be used. */
export function keychainObstacle(machine: Machine, {label, path}: Keychain): Place['obstacle'] {
	if (machine.find('security') === undefined) {
		return {
			reason: 'security was not found in a directory that only root can change',
			hint: 'it is part of macOS: see what became of /usr/bin/security',
		};
	}
	if (machine.entry(path) === undefined) {
		return {
			reason: `there is no ${label} at ${path}`,
			hint: 'log in at the screen of this Mac once, which makes it',
		};
	}
	return undefined;
}

/**
 * Refuses a keychain that something else took the place of.
 *
 * @throws UserError `trust-store-unusable`
 */
export function refuseKeychain(machine: Machine, {path, by}: Keychain): void {
	const found = machine.entry(path);
	const owner = by === 'root' ? 0 : machine.uid;
	const why =
		found?.kind === 'link'
			? 'it is a symbolic link'
			: found?.kind !== 'file'
				? 'it is not a plain file'
				: found.uid !== owner
					? `it belongs to another user (uid ${found.uid})`
					: undefined;
	if (why !== undefined) {
		throw new UserError('trust-store-unusable', `cannot use ${path}: ${why}`, {
			hint: 'see Keychain Access: it shows where your keychains are and can mend them',
		});
	}
}

/** errSecItemNotFound, the code for nothing in it, as far as an exit code can tell. */
const nothingFound = 44;

/**
 * What `security find-certificate` found in a keychain.
 *
 * @throws UserError `trust-store-unusable`
 */
export function keychainText({code, stdout}: Answer): string {
	if (code !== 0 && code !== nothingFound) {
		throw unreadable('the keychain', `security find-certificate ended with code ${code}`);
	}
	return stdout;
}

/**
 * The names of the certificates that have trust settings, from `security dump-trust-settings`. Settings
 * that forbid a certificate do not count; a certificate in a keychain that has none is not trusted.
 *
 * @throws UserError `trust-store-unusable`
 */
export function trustedNames({code, stdout, stderr}: Answer): readonly string[] {
	if (code !== 0 && !/No Trust Settings/i.test(stdout + stderr)) {
		throw unreadable('the trust settings', `security dump-trust-settings ended with code ${code}`);
	}
	return stdout
		.split(/^Cert \d+: /m)
		.slice(1)
		.filter(settings => !/Result(Deny|Unspecified)/.test(settings))
		.map(settings => (settings.split('\n')[0] ?? '').trim());
}

function unreadable(what: string, why: string): UserError {
	return new UserError('trust-store-unusable', `cannot read ${what}: ${why}`, {
		hint: 'run it by hand and mend what it says',
	});
}
