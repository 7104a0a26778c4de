import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Owner} from './owner.js';

/** Makes a directory of a test's own, which goes away with the test. */
export function temporaryDirectory(t: Owner): string {
	const path = mkdtempSync(join(tmpdir(), 'sealport-spec-'));
	t.teardown(() => rmSync(path, {recursive: true, force: true}));
	return path;
}
