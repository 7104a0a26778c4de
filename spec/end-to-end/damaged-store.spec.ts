import {rmSync, statSync, truncateSync} from 'node:fs';
import {join} from 'node:path';
import {sealportProgram} from '../helpers/cli.js';
import {noOwnMachine, ownMachine} from '../helpers/own-machine.js';
import {unless} from '../helpers/programs.js';

const test = unless(noOwnMachine);
const trusted = '/usr/local/share/ca-certificates';

const damages = {
	empty: (file: string) => truncateSync(file),
	'cut in the middle': (file: string) => truncateSync(file, statSync(file).size >> 1),
	missing: (file: string) => rmSync(file),
};

for (const [what, damage] of Object.entries(damages)) {
	test(`authority.pem ${what}: nothing is made or trusted until the hint is followed`, async t => {
		const machine = await ownMachine(t);
		const store = join(machine.home, '.local', 'share', 'sealport');
		const roots = async () => {
			const {stdout} = await machine.run('ls', [trusted]);
			return stdout.match(/^sealport-.*$/gm) ?? [];
		};
		const trust = ['trust', '--store', 'system'];
		t.is((await machine.sealport(trust)).code, 0);
		const [old] = await roots();
		damage(join(store, 'authority.pem'));
		for (const command of [['1', '--port', '0'], trust, ['cert', '--out', machine.home], ['env']]) {
			const {code, stdout, stderr} = await machine.sealport(command);
			t.is(code, 1, command.join(' '));
			t.is(stdout, '');
			t.regex(stderr, /^error: .*authority\.pem.*\nhint: .*run sealport trust --renew: .*\n$/);
			t.deepEqual(await roots(), [old]);
		}
		const renewed = await machine.sealport([...trust, '--renew']);
		t.is(renewed.code, 0, renewed.stdout + renewed.stderr);
		const [next, ...more] = await roots();
		t.regex(next ?? '', /^sealport-/);
		t.not(next, old);
		t.deepEqual(more, []);
		const run = machine.start(process.execPath, [sealportProgram, '1', '--port', '0', '--json']);
		await t.notThrowsAsync(run.listening());
	});
}
