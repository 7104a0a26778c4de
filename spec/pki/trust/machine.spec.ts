import {chmodSync, mkdirSync, realpathSync, symlinkSync, writeFileSync} from 'node:fs';
import {homedir} from 'node:os';
import {join} from 'node:path';
import {type Machine, thisMachine} from '../../../lib/pki/trust/machine.js';
import {unless} from '../../helpers/programs.js';
import {run} from '../../helpers/run.js';
import {temporaryDirectory} from '../../helpers/temporary-directory.js';

const posix = unless(process.platform === 'win32' && 'Windows has no modes', false);

posix('what lies at a path is told without following links', t => {
	const at = realpathSync(temporaryDirectory(t));
	const machine = thisMachine(at);
	const path = (name: string) => join(at, name);
	writeFileSync(path('file'), 'content');
	chmodSync(path('file'), 0o640);
	mkdirSync(path('directory'), 0o700);
	symlinkSync('file', path('link'));
	symlinkSync('nothing', path('dangling'));
	const uid = process.getuid?.();
	t.deepEqual(machine.entry(path('file')), {kind: 'file', uid, mode: 0o640} as const);
	t.deepEqual(machine.entry(path('directory')), {kind: 'directory', uid, mode: 0o700} as const);
	t.is(machine.entry(path('link'))?.kind, 'link');
	t.is(machine.entry(path('dangling'))?.kind, 'link');
	t.is(machine.entry('/dev/null')?.kind, 'other');
	t.is(machine.entry(path('nothing')), undefined);
	t.is(machine.entry(path('file/below')), undefined);

	t.deepEqual(machine.list(at), ['dangling', 'directory', 'file', 'link']);
	t.deepEqual(machine.list(path('nothing')), []);
	t.is(machine.read(path('link'))?.toString(), 'content');
	t.is(machine.read(path('dangling')), undefined);
	t.is(machine.read(path('directory')), undefined);
	t.is(machine.real(path('link')), path('file'));
	t.is(machine.real(path('dangling')), undefined);
	t.true(machine.isGuarded('/etc'));
	t.false(machine.isGuarded(at));
	t.false(machine.isGuarded('etc'));
});

const url = new URL('../../../lib/pki/trust/machine.js', import.meta.url).href;
const script = `
import {thisMachine} from ${JSON.stringify(url)};
const machine = thisMachine('/own');
const {stdout: person} = await machine.ask('/bin/sh', ['-c', 'id -u']);
const {stdout: root} = await machine.ask('/bin/sh', ['-c', 'id -u'], 'root');
const {home, uid, isRoot, directory} = machine;
console.log(JSON.stringify({person, root, home, uid, isRoot, directory}));
`;

async function seen(env: NodeJS.ProcessEnv): Promise<Partial<Machine>> {
	const {stdout, stderr} = await run(process.execPath, ['--input-type=module', '--eval', script], {
		env: {SUDO_UID: undefined, SUDO_GID: undefined, ...env},
	});
	return JSON.parse(stdout || JSON.stringify({stderr}));
}

posix('without sudo the person is who runs it', async t => {
	const uid = process.getuid?.();
	const whoami = `${uid}\n`;
	t.deepEqual(await seen({}), {
		...{person: whoami, root: whoami, home: homedir(), uid, isRoot: uid === 0, directory: '/own'},
	});
});

unless(process.getuid?.() !== 0 && 'only root runs under sudo', false)(
	'under sudo the person is who called it, with their home',
	async t => {
		const found = await seen({SUDO_UID: '65534', SUDO_GID: '65534', HOME: '/root'});
		const {home, ...others} = found;
		t.not(home, '/root');
		t.deepEqual(others, {
			...{person: '65534\n', root: '0\n', uid: 65534, isRoot: true, directory: '/own'},
		} as object);
	},
);
