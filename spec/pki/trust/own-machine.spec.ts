import {existsSync} from 'node:fs';
import {noOwnMachine, ownMachine} from '../../helpers/own-machine.js';
import {unless} from '../../helpers/programs.js';

unless(noOwnMachine)('what a spec does to the trust stores stays with it', async t => {
	const machine = await ownMachine(t);
	const file = '/usr/local/share/ca-certificates/sealport-spec.crt';
	await machine.run('touch', [file]);
	t.is((await machine.run('ls', [file])).code, 0);
	t.false(existsSync(file));
	const other = await ownMachine(t);
	t.not((await other.run('ls', [file])).code, 0, 'nor does another machine see it');
	const {stdout} = await machine.run('sh', [
		'-c',
		'echo $HOME; id -u; ls -A ~; grep -c BEGIN /etc/ssl/certs/ca-certificates.crt',
	]);
	t.log(stdout);
	t.regex(stdout, new RegExp(`^${machine.home}\n0\n\\d+\n$`));
});
