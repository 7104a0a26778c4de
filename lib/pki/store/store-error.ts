import {systemCode, UserError} from '../../errors.js';

const reasons: Readonly<Record<string, string>> = {
	EACCES: 'permission denied',
	EPERM: 'operation not permitted',
	EROFS: 'read-only file system',
	ENOSPC: 'no space left on the device',
	EDQUOT: 'disk quota exceeded',
	ENOENT: 'no such file or directory',
	ENOTDIR: 'not a directory',
	EISDIR: 'it is a directory',
	ELOOP: 'it is a symbolic link',
	ENAMETOOLONG: 'the path is too long',
	EMFILE: 'too many open files',
};

/**
 * Why a file operation failed, in words, with the system's code.
 *
 * @param error what `node:fs` threw
 */
export function reasonOf(error: unknown): string {
	const code = systemCode(error);
	if (code === undefined) {
		return 'unknown error';
	}
	return code in reasons ? `${reasons[code]} (${code})` : code;
}

/**
 * The error for a store that cannot be used.
 *
 * @param what what failed, with the path
 * @param why the reason
 * @param hint the next action
 * @param cause the error beneath
 */
export function storeError(what: string, why: string, hint: string, cause?: unknown): UserError {
	return new UserError('store-unusable', `${what}: ${why}`, {hint, cause});
}

/**
 * Runs a file operation on the store and turns its failure into a `UserError`.
 *
 * @param what what the operation is for, with the path
 * @throws UserError `store-unusable`
 */
export function guarded<Result>(what: string, operation: () => Result): Result {
	try {
		return operation();
	} catch (error) {
		if (error instanceof UserError) {
			throw error;
		}
		throw storeError(
			what,
			reasonOf(error),
			'make the directory writable, or choose another one with --certs',
			error,
		);
	}
}
