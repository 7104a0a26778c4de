import {closeSync, fstatSync, openSync, readSync} from 'node:fs';
import {reasonOf, UserError} from '../../errors.js';
import {type Credentials, parseCredentials} from './password.js';
import {parseToken, type Token} from './token.js';

/** Octets; far more than any list of users takes. */
const most = 64 * 1024;

/** What a file says, and what a person should know of it. */
interface Content {
	readonly lines: readonly string[];
	readonly warnings: readonly string[];
}

/**
 * Reads a token from the first line of a file.
 *
 * @throws UserError `option-invalid`
 */
export function readTokenFile(path: string): {token: Token; warnings: readonly string[]} {
	const {lines, warnings} = readSecret('tokenFile', path);
	return {token: parseToken((lines[0] ?? '').trim(), 'tokenFile'), warnings};
}

/**
 * Reads lines of `user:password`. Empty ones, and those that begin with `#`, are passed over.
 *
 * @throws UserError `option-invalid`, also for a file that names nobody
 */
export function readAuthFile(path: string): {
	users: readonly Credentials[];
	warnings: readonly string[];
} {
	const {lines, warnings} = readSecret('authFile', path);
	const users = lines.flatMap((line, index) =>
		line.trim() === '' || line.startsWith('#')
			? []
			: [parseCredentials(line, 'authFile', `line ${index + 1} of ${path}: `)],
	);
	if (users.length === 0) {
		throw new UserError('option-invalid', `authFile: ${path} names no user`, {
			hint: 'write lines of user:password into it',
		});
	}
	return {users, warnings};
}

/** Follows links and reads pipes, since that is how secrets are handed to programs. */
function readSecret(name: string, path: string): Content {
	const refuse = (why: string, cause?: unknown): never => {
		const hint = 'check the path and its permissions';
		throw new UserError('option-invalid', `${name}: cannot read ${path}: ${why}`, {hint, cause});
	};
	try {
		const file = openSync(path, 'r');
		try {
			const {mode} = fstatSync(file);
			const bytes = readUpTo(file, most + 1);
			if (bytes.length > most) {
				refuse(`it has more than ${most} octets`);
			}
			const isOpen = process.platform !== 'win32' && (mode & 0o077) !== 0;
			const shown = `0${(mode & 0o777).toString(8)}`;
			return {
				lines: bytes
					.toString('utf8')
					.replace(/^\ufeff/, '')
					.split(/\r?\n/),
				warnings: isOpen
					? [
							`${path} has mode ${shown}: other users of this machine may read or change it; chmod 600 it`,
						]
					: [],
			};
		} finally {
			closeSync(file);
		}
	} catch (error) {
		return error instanceof UserError ? rethrow(error) : refuse(reasonOf(error), error);
	}
}

function rethrow(error: UserError): never {
	throw error;
}

function readUpTo(file: number, length: number): Buffer {
	const buffer = Buffer.alloc(length);
	let size = 0;
	for (let count = -1; count !== 0 && size < length; size += count) {
		count = readSync(file, buffer, size, length - size, null);
	}
	return buffer.subarray(0, size);
}
