import {reasonOf, remedyOf, UserError} from '../../errors.js';

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
		const hint = `${remedyOf(error)}, or choose another directory with --certs`;
		throw storeError(what, reasonOf(error), hint, error);
	}
}
