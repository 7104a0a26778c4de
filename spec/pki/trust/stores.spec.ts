import test from 'ava';
import {findPlaces} from '../../../lib/pki/trust/stores.js';
import {type Script, scriptedMachine} from '../../helpers/scripted-machine.js';

const reg = '/mnt/c/Windows/System32/reg.exe';
const policy = `${reg} query HKLM\\SOFTWARE\\Policies\\Microsoft\\SystemCertificates\\Root\\ProtectedRoots /v Flags`;

/** Debian in WSL. */
const both: Script = {
	platform: 'linux',
	uid: 1000,
	env: {WSL_INTEROP: '/run/WSL/8_interop'},
	programs: {
		'update-ca-certificates': '/usr/sbin/update-ca-certificates',
		wslpath: '/usr/bin/wslpath',
	},
	files: {
		'/etc/os-release': 'ID=debian\n',
		'/proc/version': 'Linux version 5.15.167.4-microsoft-standard-WSL2',
		'/proc/mounts': 'C:\\134 /mnt/c 9p rw,aname=drvfs;path=C:\\134;uid=1000 0 0\n',
		'/mnt/c/Windows/System32/certutil.exe': 'MZ',
		[reg]: 'MZ',
	},
	entries: {'/proc/sys/fs/binfmt_misc/WSLInterop': {}},
	answers: {[policy]: {code: 1}},
};

test('WSL has both sides: the store of its Linux, and that of the Windows user', async t => {
	const places = await findPlaces(scriptedMachine(both), ['system', 'windows']);
	t.deepEqual(
		places.map(({store, by, obstacle}) => [store, by, obstacle]),
		[
			['system', 'root', undefined],
			['windows', 'person', undefined],
		],
	);
});

test('only the stores that are wanted are looked for', async t => {
	const machine = scriptedMachine(both);
	const places = await findPlaces(machine, ['system']);
	t.deepEqual(
		places.map(({store}) => store),
		['system'],
	);
	t.deepEqual(machine.asked, [], 'Windows was not asked');
	t.deepEqual(await findPlaces(machine, []), []);
});

test('a kind of which the places cannot be found does not hide the others', async t => {
	const places = await findPlaces(scriptedMachine({...both, answers: {}}));
	t.deepEqual(
		places.map(({store}) => store),
		['system', 'windows'],
	);
	await t.throwsAsync(async () => places[1]?.look(), {message: /^not in the script: .*reg\.exe/});
});
