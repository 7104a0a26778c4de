import test from 'ava';
import {UserError} from '../../../lib/errors.js';
import {findWsl} from '../../../lib/pki/trust/wsl.js';
import {paperRoot} from '../../helpers/paper-root.js';
import {type Script, scriptedMachine} from '../../helpers/scripted-machine.js';
import {registryOutput} from '../../helpers/windows-registry.js';

const root = await paperRoot();
const unc = '\\\\wsl.localhost\\Debian\\home\\jane\\.local\\share\\sealport\\ca.pem';

/** As WSL 2 shows it: C: is a share of Windows, every file looks as if it were the user's. */
const mounts = `/dev/sdc / ext4 rw,relatime,discard,errors=remount-ro,data=ordered 0 0
none /mnt/wsl tmpfs rw,relatime 0 0
none /usr/lib/wsl/drivers 9p ro,nosuid,nodev,noatime,aname=drivers;fmask=222;dmask=222,mmap,access=client,msize=65536 0 0
C:\\134 /mnt/c 9p rw,noatime,aname=drvfs;path=C:\\134;uid=1000;gid=1000;symlinkroot=/mnt/,mmap,access=client,msize=65536,trans=fd,rfd=5,wfd=5 0 0
D:\\134 /mnt/d 9p rw,noatime,aname=drvfs;path=D:\\134;uid=1000;gid=1000;symlinkroot=/mnt/,mmap,access=client,msize=65536,trans=fd,rfd=5,wfd=5 0 0
`;
const certutil = '/mnt/c/Windows/System32/certutil.exe';
const reg = '/mnt/c/Windows/System32/reg.exe';
const policy = `${reg} query HKLM\\SOFTWARE\\Policies\\Microsoft\\SystemCertificates\\Root\\ProtectedRoots /v Flags`;
const certificates = `${reg} query HKCU\\Software\\Microsoft\\SystemCertificates\\Root\\Certificates /s`;

const files = (table = mounts, drive = '/mnt/c') => ({
	'/proc/version': 'Linux version 5.15.167.4-microsoft-standard-WSL2 (root@f9c826d3017f)',
	'/proc/mounts': table,
	[`${drive}/Windows/System32/certutil.exe`]: 'MZ',
	[`${drive}/Windows/System32/reg.exe`]: 'MZ',
});

const wsl: Script = {
	platform: 'linux',
	uid: 1000,
	env: {WSL_INTEROP: '/run/WSL/8_interop'},
	programs: {wslpath: '/usr/bin/wslpath'},
	files: files(),
	entries: {'/proc/sys/fs/binfmt_misc/WSLInterop': {}},
	answers: {
		[policy]: {code: 1},
		[certificates]: {stdout: registryOutput(root.pem)},
		[`/usr/bin/wslpath -w ${root.file}`]: {stdout: `${unc}\n`},
	},
};

async function only(script: Script) {
	const [place, ...more] = await findWsl(scriptedMachine(script));
	if (place === undefined || more.length > 0) {
		throw new Error('expected one place');
	}
	return place;
}

test('the store of the Windows user, changed by certutil of Windows, with the path Windows knows', async t => {
	const place = await only(wsl);
	t.is(place.store, 'windows');
	t.is(place.by, 'person');
	t.is(place.obstacle, undefined);
	t.deepEqual(await place.add(root), [
		{kind: 'run', program: certutil, args: ['-user', '-addstore', 'Root', unc]},
	]);
	t.deepEqual(
		(await place.look()).map(({fingerprint256}) => fingerprint256),
		[root.certificate.fingerprint256],
	);
	t.deepEqual(await place.remove(root), [
		{
			kind: 'run',
			program: certutil,
			args: ['-user', '-delstore', 'Root', root.certificate.fingerprint.replaceAll(':', '')],
		},
	]);
});

test('the person asks, not root: files of root are out of reach for Windows', async t => {
	const machine = scriptedMachine({...wsl, isRoot: true});
	const [place] = await findWsl(machine);
	await place?.look();
	await place?.add(root);
	t.true(machine.asked.length > 0);
	t.deepEqual(new Set(machine.asked.map(([, as]) => as)), new Set(['person']));
});

test('drive C: may be mounted elsewhere, and by WSL 1', async t => {
	for (const [drive, line] of [
		['/c', 'C:\\134 /c drvfs rw,noatime,uid=1000,gid=1000,case=off 0 0'],
		[
			'/win c',
			'drvfs /win\\040c 9p rw,msize=262144,trans=virtio,aname=drvfs;path=C:\\134;uid=0 0 0',
		],
	] as const) {
		const asked = policy.replace('/mnt/c', drive);
		const place = await only({
			...wsl,
			files: files(`/dev/sdc / ext4 rw 0 0\n${line}\n`, drive),
			answers: {...wsl.answers, [asked]: {code: 1}},
		});
		const [step] = await place.add(root);
		t.is(step?.kind === 'run' ? step.program : '', `${drive}/Windows/System32/certutil.exe`);
	}
});

const unreachable: ReadonlyArray<readonly [string, Partial<Script>]> = [
	['no drive is mounted', {files: files('/dev/sdc / ext4 rw 0 0\n')}],
	[
		'only another drive is mounted there',
		{files: files('D:\\134 /mnt/c 9p rw,aname=drvfs;path=D:\\134;uid=1000 0 0\n')},
	],
	[
		'a directory of drive C: is mounted there',
		{files: files('C:\\134x /mnt/c 9p rw,aname=drvfs;path=C:\\134Users\\134Public;uid=1000 0 0\n')},
	],
	[
		'something that is no drive has its name',
		{files: files('C:\\134 /mnt/c fuse.drvfs rw,user_id=1000,aname=drvfs;path=C:\\134; 0 0\n')},
	],
	[
		'something else is mounted over it',
		{files: files(`${mounts}tmpfs /mnt/c tmpfs rw,uid=1000 0 0\n`)},
	],
	[
		'something else is mounted over System32',
		{files: files(`${mounts}tmpfs /mnt/c/Windows/System32 tmpfs rw,uid=1000 0 0\n`)},
	],
	['others can write above it', {unguarded: ['/mnt']}],
	['the kernel does not run programs of Windows', {entries: {}}],
	['there is no wslpath that only root can change', {programs: {}}],
];

for (const [why, change] of unreachable) {
	test(`an obstacle: ${why}`, async t => {
		const {obstacle} = await only({...wsl, ...change});
		t.truthy(obstacle?.hint);
		t.regex(obstacle?.reason ?? '', /C: is not mounted, or programs of Windows cannot be run/);
	});
}

test('an obstacle: the programs are not on the drive', async t => {
	const {'/proc/version': version, '/proc/mounts': table} = files();
	const {obstacle} = await only({
		...wsl,
		files: {'/proc/version': version, '/proc/mounts': table},
		answers: {'reg.exe query': {}},
	});
	t.regex(obstacle?.reason ?? '', /System32/);
});

test('a path that Windows cannot know is an error', async t => {
	const answers = {...wsl.answers, [`/usr/bin/wslpath -w ${root.file}`]: {code: 1}};
	const place = await only({...wsl, answers});
	const error = await t.throwsAsync(place.add(root), {instanceOf: UserError, message: /wslpath/});
	t.is(error?.code, 'trust-store-unusable');
});

test('no place: on a plain Linux, on another system, and in a container on the same kernel', async t => {
	const plain = {...files(), '/proc/version': 'Linux version 6.1.0-18-amd64 (debian-kernel)'};
	t.deepEqual(await findWsl(scriptedMachine({...wsl, files: plain})), []);
	t.deepEqual(await findWsl(scriptedMachine({...wsl, platform: 'darwin'})), []);
	t.deepEqual(await findWsl(scriptedMachine({...wsl, env: {}})), []);
});
