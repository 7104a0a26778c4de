import type {X509Certificate} from 'node:crypto';
import {posix} from 'node:path';
import {certificatesIn} from './certificates-in.js';
import type {Machine} from './machine.js';
import {
	type Keychain,
	keychainObstacle,
	keychainText,
	refuseKeychain,
	trustedNames,
} from './macos-keychain.js';
import type {FindPlaces, Place} from './place.js';
import {fingerprintOf, isOurs, type Root} from './root.js';
import {rootsOwn} from './roots-own.js';
import type {Step} from './step.js';

/**
 * The keychains of macOS: a person's own, or under root the one of the system. The other one is a place
 * only while it holds a root of Sealport, so that it can be taken out again.
 *
 * The commands are those of the manual page security(1); Apple's pages "SecTrustSettingsSetTrustSettings"
 * and "SecTrustSettingsRemoveTrustSettings" say what they change and when a person is asked.
 */
export const findMacos: FindPlaces = async machine => {
	if (machine.platform !== 'darwin') {
		return [];
	}
	const login = placeOf(machine, {
		label: 'login keychain',
		path: posix.join(machine.home, 'Library/Keychains/login.keychain-db'),
		by: 'person',
		domain: [],
	});
	const system = placeOf(machine, {
		label: 'System keychain',
		path: '/Library/Keychains/System.keychain',
		by: 'root',
		domain: ['-d'],
	});
	const [usual, other] = machine.isRoot ? [system, login] : [login, system];
	const used = other.obstacle === undefined && (await other.all()).length > 0;
	return used ? [usual, other] : [usual];
};

function placeOf(
	machine: Machine,
	keychain: Keychain,
): Place & {all(): Promise<readonly X509Certificate[]>} {
	const {path, by, domain} = keychain;
	const security = machine.find('security') ?? '/usr/bin/security';
	const ask = (...args: readonly string[]) => machine.ask(security, args, by);
	const run = (...args: readonly string[]): Step => ({kind: 'run', program: security, args});
	/** Every root of Sealport in the keychain, trusted or not. */
	const all = async () => {
		return certificatesIn(keychainText(await ask('find-certificate', '-a', '-p', path))).filter(
			isOurs,
		);
	};
	const isTrusted = async () => {
		const names = trustedNames(await ask('dump-trust-settings', ...domain));
		return ({subject}: X509Certificate) => names.some(name => subject.endsWith(`\nCN=${name}`));
	};
	const look = async () => (await all()).filter(await isTrusted());
	return {
		store: 'system',
		label: `${keychain.label} (${path})`,
		by,
		obstacle: keychainObstacle(machine, keychain),
		meanwhile: 'macOS asks for a password in a window of its own',
		all,
		look,
		async leftovers() {
			const trusts = await isTrusted();
			return (await all()).filter(certificate => !trusts(certificate));
		},
		async add(root) {
			refuseKeychain(machine, keychain);
			const what = ['-r', 'trustRoot', '-p', 'ssl', '-p', 'basic'];
			const add = (file: string) => run('add-trusted-cert', ...domain, ...what, '-k', path, file);
			return by === 'root' ? withCopy(machine, root, add) : [add(root.file)];
		},
		async remove(root: Root) {
			refuseKeychain(machine, keychain);
			const held = (await look()).some(found => fingerprintOf(found) === root.fingerprint);
			const hash = root.fingerprint.toUpperCase();
			// `-t` takes the person's trust settings along, and fails where there are none.
			const along = held && by === 'person' ? ['-t'] : [];
			return [
				...(held && by === 'root'
					? withCopy(machine, root, file => run('remove-trusted-cert', ...domain, file))
					: []),
				run('delete-certificate', ...along, '-Z', hash, path),
			];
		},
	};
}

/** A step on a copy that only root can change: the root's own file is the person's, or not at hand. */
function withCopy(machine: Machine, root: Root, act: (file: string) => Step): readonly Step[] {
	const directory = rootsOwn(machine);
	const copy = posix.join(directory, `${root.name}.pem`);
	const clean = [
		{kind: 'remove', path: copy},
		{kind: 'remove-directory', path: directory},
	] as const;
	const content = root.certificate.toString();
	// A person who does this by hand has to find the file of a root that is known by its fingerprint only.
	const from = root.file === '' ? `<file with ${root.fingerprint}>` : root.file;
	return [
		{kind: 'directory', path: directory, mode: 0o755},
		{kind: 'write', path: copy, content, from, mode: 0o644, rollback: clean},
		act(copy),
		...clean,
	];
}
