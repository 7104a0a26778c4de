import {execFileSync} from 'node:child_process';
import {chmodSync, chownSync, mkdirSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {thisMachine} from '../../../../lib/pki/trust/machine.js';
import {certutilFor} from '../../../../lib/pki/trust/nss/certutil.js';
import {obstacleOf} from '../../../../lib/pki/trust/nss/fitness.js';
import {unless} from '../../../helpers/programs.js';
import {scriptedMachine} from '../../../helpers/scripted-machine.js';
import {modeOf} from '../../../helpers/stores.js';
import {temporaryDirectory} from '../../../helpers/temporary-directory.js';

const onPosix = unless(process.platform === 'win32' && 'no modes here', false);
const asRoot = unless(process.getuid?.() !== 0 && 'only root can give files away', false);
const name = "ab.$(touch PWNED) it's;profile";
const databaseAt = (directory: string) => ({label: '', directory, program: '', made: []});

onPosix('a hint with a path can be pasted, whatever the path', t => {
	const home = temporaryDirectory(t);
	const directory = join(home, name);
	mkdirSync(directory);
	chmodSync(directory, 0o777);
	const {hint = ''} = obstacleOf(thisMachine(home), databaseAt(directory)) ?? {};
	execFileSync('sh', ['-c', hint], {cwd: home});
	t.is(modeOf(directory), 0o755);
	t.deepEqual(readdirSync(home), [name]);
});

test('so can the command that shows why a database cannot be read', async t => {
	const directory = `/home/jane/${name}`;
	const machine = scriptedMachine({
		platform: 'linux',
		uid: 1000,
		answers: {[`/bin/echo -L -d sql:${directory} -f /dev/null`]: {code: 255}},
	});
	const error = await t.throwsAsync<Error & {hint?: string}>(
		certutilFor(machine, '/bin/echo', directory).holdings('all'),
	);
	const command = error?.hint?.replace(/^look at it with: /, '') ?? '';
	const cwd = temporaryDirectory(t);
	const said = execFileSync('sh', ['-c', command], {cwd, encoding: 'utf8'});
	t.is(said, `-L -d sql:${directory}\n`);
	t.deepEqual(readdirSync(cwd), []);
});

asRoot('root without sudo is sent to the user, and not to change owners', t => {
	const home = temporaryDirectory(t);
	const directory = join(home, 'profile');
	mkdirSync(directory);
	chownSync(directory, 54_321, 54_321);
	const found = obstacleOf({...thisMachine(home), uid: 0}, databaseAt(directory));
	t.regex(found?.reason ?? '', /belongs to another user \(uid 54321\)$/);
	t.regex(found?.hint ?? '', /sudo/);
	t.notRegex(found?.hint ?? '', /chown/);
});
