import {readFileSync, statSync} from 'node:fs';
import {homedir} from 'node:os';
import {dirname, join} from 'node:path';
import {UserError} from '../errors.js';
import {sudoer} from '../pki/store/owner.js';

/** In this order: the first one that is there counts. */
export const configNames = ['ts', 'mts', 'js', 'mjs', 'json'].map(end => `sealport.config.${end}`);

/**
 * Finds the configuration file: in the working directory or above it, up to the root of the repository, else
 * up to the home directory or the root of the file system.
 *
 * @returns the file, which may be a package.json that holds the configuration
 * @throws UserError `config-unreadable` for one of a user whom nobody has chosen to trust: it is code that would
 * run, and anybody may put one into `/tmp`
 */
export function findConfig(from = process.cwd(), home = homedir()): string | undefined {
	for (let directory = from; ; directory = dirname(directory)) {
		const named = configNames.map(name => join(directory, name)).find(isFile);
		const manifest = join(directory, 'package.json');
		const found = named ?? (holdsConfig(manifest) ? manifest : undefined);
		if (found !== undefined) {
			refuseOthers(found, from);
			return found;
		}
		const isLast = directory === home || dirname(directory) === directory;
		if (isLast || statSync(join(directory, '.git'), {throwIfNoEntry: false}) !== undefined) {
			return undefined;
		}
	}
}

/** Trusted are this user, root, who called sudo, and the owner of the directory that one has gone to. */
function refuseOthers(path: string, from: string): void {
	const {uid} = statSync(path);
	const trusted = [process.getuid?.(), 0, sudoer()?.uid, statSync(from).uid];
	if (process.platform !== 'win32' && !trusted.includes(uid)) {
		throw new UserError('config-unreadable', `config: ${path} is another user's (uid ${uid})`, {
			hint: 'look at what it does, and name it by --config to use it all the same',
		});
	}
}

function isFile(path: string): boolean {
	try {
		return statSync(path, {throwIfNoEntry: false})?.isFile() === true;
	} catch {
		// A directory that may not be searched has nothing for this user.
		return false;
	}
}

/** Most of them do not hold a configuration, and are told by their text. */
function holdsConfig(manifest: string): boolean {
	if (!isFile(manifest)) {
		return false;
	}
	let text: string;
	try {
		text = readFileSync(manifest, 'utf8');
	} catch {
		return false;
	}
	if (!/"sealport"\s*:\s*[^"\s]/.test(text)) {
		return false;
	}
	try {
		const content: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
		return typeof content === 'object' && content !== null && Object.hasOwn(content, 'sealport');
	} catch {
		// Whoever reads it says what is wrong.
		return true;
	}
}
