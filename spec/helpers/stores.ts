import {lstatSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {UserError} from '../../lib/errors.js';
import {openAuthority} from '../../lib/pki/store/open-authority.js';
import {temporaryDirectory} from './temporary-directory.js';

/** The mode of a file, without its kind. */
export const modeOf = (file: string) => lstatSync(file).mode & 0o7777;

/** Makes an authority in a store of the test's own. */
export async function newStore(t: ExecutionContext) {
	const directory = join(temporaryDirectory(t), 'store');
	const opened = await openAuthority(directory);
	return {directory, file: join(directory, 'authority.pem'), ...opened};
}

/** Asserts that a store is refused with `store-unusable`, and left as it was. */
export async function refusesStore(
	t: ExecutionContext,
	directory: string,
	message: RegExp,
	now?: number,
): Promise<UserError> {
	const before = snapshot(directory);
	const error = await t.throwsAsync(openAuthority(directory, now), {instanceOf: UserError});
	t.is(error?.code, 'store-unusable');
	t.regex(error?.message ?? '', message);
	t.truthy(error?.hint);
	t.notRegex(`${error?.message}${error?.hint}`, /BEGIN|[A-Za-z\d+/]{60}/, 'no key material');
	t.deepEqual(snapshot(directory), before, 'nothing was changed');
	return error as UserError;
}

function snapshot(directory: string) {
	return readdirSync(directory)
		.sort()
		.map(name => {
			const path = join(directory, name);
			return [name, lstatSync(path).isFile() ? readFileSync(path, 'latin1') : 'not a file'];
		});
}
