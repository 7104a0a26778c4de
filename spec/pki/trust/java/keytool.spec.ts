import {execFileSync} from 'node:child_process';
import test from 'ava';
import {entriesOf} from '../../../../lib/pki/trust/java/keytool.js';
import {scriptedMachine} from '../../../helpers/scripted-machine.js';
import {temporaryDirectory} from '../../../helpers/temporary-directory.js';

const onPosix = process.platform === 'win32' ? test.skip : test;
const keystore = "/home/jane/.jdks/it's $(touch PWNED)/lib/security/cacerts";

onPosix('the command that shows why a keystore cannot be read can be pasted', async t => {
	const list = `/bin/echo -list -rfc -keystore ${keystore} -storepass changeit -J-Duser.language=en`;
	const machine = scriptedMachine({
		platform: 'linux',
		uid: 1000,
		answers: {[list]: {code: 1, stdout: 'keytool error'}},
	});
	const error = await t.throwsAsync<Error & {hint?: string}>(
		entriesOf(machine, '/bin/echo', keystore, 'person'),
	);
	const command = error?.hint?.replace(/^look at it with: /, '') ?? '';
	const cwd = temporaryDirectory(t);
	t.is(
		execFileSync('sh', ['-c', command], {cwd, encoding: 'utf8'}),
		`-list -keystore ${keystore}\n`,
	);
});
