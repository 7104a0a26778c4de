import {chmodSync, chownSync, mkdirSync, renameSync, symlinkSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import test from 'ava';
import {UserError} from '../../../../lib/errors.js';
import type {Machine} from '../../../../lib/pki/trust/machine.js';
import {findNss} from '../../../../lib/pki/trust/nss.js';
import {commandLine} from '../../../../lib/pki/trust/step.js';
import {machineWithHome} from '../../../helpers/nss.js';
import {unless} from '../../../helpers/programs.js';
import {newRoot} from '../../../helpers/root.js';
import {type Script, scriptedMachine} from '../../../helpers/scripted-machine.js';

const linux = (script: Partial<Script>) =>
	scriptedMachine({platform: 'linux', uid: 1000, ...script});
const tool = {certutil: '/usr/bin/certutil'};
const database = (directory: string) => ({[`/home/jane/${directory}/cert9.db`]: ''});
/** The directories of the databases found, without the home directory. */
const found = async (machine: Machine) =>
	(await findNss(machine)).map(({label}) => /\(\/home\/jane\/(.*)\)$/.exec(label)?.[1]);

test('Firefox profiles are found by profiles.ini and beside it, wherever Firefox was installed from', async t => {
	const machine = linux({
		programs: tool,
		files: {
			'/home/jane/.mozilla/firefox/profiles.ini':
				'[Profile1]\r\nName=a\r\nIsRelative=1\r\nPath=aa.default\r\n\r\n[Profile0]\nIsRelative=0\nPath=/home/jane/elsewhere\n[General]\nVersion=2\n',
			...database('.mozilla/firefox/aa.default'),
			...database('.mozilla/firefox/zz.forgotten'),
			...database('elsewhere'),
			'/home/jane/.mozilla/firefox/bb.never-started/times.json': '{}',
			'/home/jane/.mozilla/firefox/cc.ancient/cert8.db': '',
			...database('.config/mozilla/firefox/dd.default-esr'),
			...database('snap/firefox/common/.mozilla/firefox/ee.default'),
			...database('.var/app/org.mozilla.firefox/.mozilla/firefox/ff.default'),
			...database('.var/app/org.mozilla.firefox/config/mozilla/firefox/gg.default'),
		},
	});
	t.deepEqual(await found(machine), [
		'.mozilla/firefox/aa.default',
		'.mozilla/firefox/zz.forgotten',
		'elsewhere',
		'.config/mozilla/firefox/dd.default-esr',
		'snap/firefox/common/.mozilla/firefox/ee.default',
		'.var/app/org.mozilla.firefox/.mozilla/firefox/ff.default',
		'.var/app/org.mozilla.firefox/config/mozilla/firefox/gg.default',
	]);
});

test('a database of any Snap or Flatpak is found; one is made only for a browser', async t => {
	const machine = linux({
		programs: tool,
		files: {
			...database('.pki/nssdb'),
			...database('snap/editor/current/.pki/nssdb'),
			...database('.var/app/org.editor/data/pki/nssdb'),
			'/home/jane/snap/chromium/current/x': '',
			'/home/jane/snap/other/current/x': '',
			'/home/jane/.var/app/com.brave.Browser/x': '',
			'/home/jane/.var/app/org.other/x': '',
		},
	});
	t.deepEqual(await found(machine), [
		'.pki/nssdb',
		'snap/chromium/current/.pki/nssdb',
		'snap/editor/current/.pki/nssdb',
		'.var/app/com.brave.Browser/.pki/nssdb',
		'.var/app/org.editor/data/pki/nssdb',
	]);
});

const chromium = {...tool, chromium: '/usr/bin/chromium'};
const shared: ReadonlyArray<readonly [string, Partial<Script>, readonly string[]]> = [
	['neither: the one that all versions read', {programs: chromium}, ['.pki/nssdb']],
	['neither, and no browser', {programs: tool}, []],
	[
		"neither, and a browser of Playwright's",
		{programs: tool, files: {'/home/jane/.cache/ms-playwright/chromium-1200/x': ''}},
		['.pki/nssdb'],
	],
	[
		'that of the XDG directory',
		{programs: chromium, files: database('.local/share/pki/nssdb')},
		['.local/share/pki/nssdb'],
	],
	[
		'that of the XDG directory, and an empty ~/.pki/nssdb, which Chromium prefers',
		{
			programs: chromium,
			files: database('.local/share/pki/nssdb'),
			entries: {'/home/jane/.pki/nssdb': {kind: 'directory'}},
		},
		['.pki/nssdb', '.local/share/pki/nssdb'],
	],
	[
		'both',
		{
			programs: tool,
			files: {...database('.local/share/pki/nssdb'), ...database('.pki/nssdb')},
		},
		['.pki/nssdb', '.local/share/pki/nssdb'],
	],
	[
		'that of another XDG directory',
		{programs: tool, env: {XDG_DATA_HOME: '/home/jane/data'}, files: database('data/pki/nssdb')},
		['data/pki/nssdb'],
	],
];
for (const [title, script, expected] of shared) {
	test(`Chromium's databases: ${title}`, async t => {
		t.deepEqual(await found(linux(script)), expected);
	});
}

test('the plan for a new database, exactly', async t => {
	const root = {...(await newRoot(t)), name: 'sealport-0123456789abcdef', file: '/ca.pem'};
	const [place] = await findNss(linux({programs: chromium}));
	const undo = '/home/jane/.local/share/sealport/undo/sealport-0123456789abcdef-KEY';
	const lines = (await place?.add(root))?.map(step =>
		commandLine(step, 'linux').replaceAll(/(?<=abcdef-)[\da-f]{16}/g, 'KEY'),
	);
	t.deepEqual(lines, [
		`mkdir -p -m 0700 ${undo}`,
		'mkdir -p -m 0700 /home/jane/.pki/nssdb',
		'/usr/bin/certutil -N -d sql:/home/jane/.pki/nssdb --empty-password -f /dev/null',
		'/usr/bin/certutil -A -d sql:/home/jane/.pki/nssdb -n sealport-0123456789abcdef -t C,, -i /ca.pem -f /dev/null',
		`cp -p /home/jane/.pki/nssdb/cert9.db ${undo}/after-cert9.db`,
		`cp -p /home/jane/.pki/nssdb/key4.db ${undo}/after-key4.db`,
		`cp -p /home/jane/.pki/nssdb/pkcs11.txt ${undo}/after-pkcs11.txt`,
	]);
});

for (const [program, hint] of [
	['apt-get', /sudo apt-get install libnss3-tools$/],
	['dnf', /sudo dnf install nss-tools$/],
	['zypper', /sudo zypper install mozilla-nss-tools$/],
	['pacman', /sudo pacman -S nss$/],
	['none', /NSS's tools$/],
] as const) {
	test(`without certutil the package is named: ${program}`, async t => {
		const programs = {[program]: `/usr/bin/${program}`};
		const [place] = await findNss(linux({programs, files: database('.pki/nssdb')}));
		t.is(place?.obstacle, undefined);
		t.deepEqual(await place?.look(), [], 'there cannot be any');
		const root = await newRoot(t);
		const error = await t.throwsAsync(async () => place?.add(root), {instanceOf: UserError});
		t.regex(error?.message ?? '', /certutil was not found/);
		t.regex(error?.hint ?? '', hint);

		const files = {'/home/jane/.pki/nssdb/cert9.db': root.certificate.raw};
		const [unseen] = await findNss(linux({programs, files}));
		t.regex(unseen?.obstacle?.reason ?? '', /certutil was not found/);
		t.regex(unseen?.obstacle?.hint ?? '', hint);
	});
}

const asRoot = unless(process.getuid?.() !== 0 && 'only root can give files away', false);
const refusals: ReadonlyArray<readonly [string, RegExp, (directory: string) => void]> = [
	[
		'a symbolic link in place of the directory',
		/nssdb is a symbolic link/,
		directory => {
			renameSync(directory, `${directory}2`);
			symlinkSync(`${directory}2`, directory);
		},
	],
	[
		'a symbolic link in place of a file',
		/key4\.db is a symbolic link/,
		directory => symlinkSync('/etc/passwd', join(directory, 'key4.db')),
	],
	['a directory of others', /belongs to another user/, directory => chownSync(directory, 4321, 0)],
	[
		'a file of others',
		/cert9\.db belongs to another user \(uid 4321\)/,
		directory => chownSync(join(directory, 'cert9.db'), 4321, 0),
	],
	[
		'a directory that others can write to',
		/others can write to .*nssdb \(mode 0777\)/,
		directory => chmodSync(directory, 0o777),
	],
	[
		'a file that others can write to',
		/others can write to .*cert9\.db \(mode 0664\)/,
		directory => chmodSync(join(directory, 'cert9.db'), 0o664),
	],
];
for (const [title, reason, spoil] of refusals) {
	const declare = title.endsWith('of others') ? asRoot : unless(false);
	declare(`refused: ${title}`, async t => {
		const machine = machineWithHome(t);
		const directory = join(machine.home, '.pki', 'nssdb');
		mkdirSync(dirname(directory));
		mkdirSync(directory, {mode: 0o700});
		writeFileSync(join(directory, 'cert9.db'), '', {mode: 0o600});
		t.is((await findNss(machine))[0]?.obstacle, undefined);
		spoil(directory);
		const [place] = await findNss(machine);
		t.regex(place?.obstacle?.reason ?? '', reason);
		t.truthy(place?.obstacle?.hint);
	});
}
