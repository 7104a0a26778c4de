import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

/**
 * One home directory for all runs of a spec file, removed when the file is through: making an
 * authority takes its time, and so the first run's serves the others, too.
 */
export const home = mkdtempSync(join(tmpdir(), 'sealport-home-'));
process.on('exit', () => rmSync(home, {recursive: true, force: true}));
