import {runSealport} from '../helpers/cli.js';
import {unless} from '../helpers/programs.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

// The store of Windows is found there, and from WSL.
const elsewhere = unless(process.platform === 'win32' && 'it has that store', false);

for (const format of [[], ['--json']]) {
	elsewhere(`no trust store found is a failure ${format.join('')}`, async t => {
		const home = temporaryDirectory(t);
		const run = runSealport(t, home, ['trust', '--store', 'windows', ...format]);
		t.is(await run.ended, 1, run.stderr);
		if (format.length > 0) {
			t.false(JSON.parse(run.stdout).ok);
		} else {
			t.regex(run.stderr, /^no trust store found/m);
		}
	});
}
