import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';

/** A directory of this spec's own, removed when the spec ends. */
export async function temporaryDirectory(t: ExecutionContext): Promise<string> {
	const directory = await mkdtemp(join(tmpdir(), 'sealport-spec-'));
	t.teardown(() => rm(directory, {recursive: true, force: true}));
	return directory;
}
