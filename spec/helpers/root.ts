import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {createAuthority} from '../../lib/pki/authority.js';
import {type Root, rootOf} from '../../lib/pki/root.js';
import {temporaryDirectory} from './temporary-directory.js';

/** Makes the root of a new authority, in a file of the test's own. */
export async function newRoot(t: ExecutionContext): Promise<Root> {
	const {root} = await createAuthority(Date.now());
	const file = join(temporaryDirectory(t), 'ca.pem');
	writeFileSync(file, root.toString());
	return rootOf(root.raw, file);
}
