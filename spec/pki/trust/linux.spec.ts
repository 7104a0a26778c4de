import test, {type ExecutionContext} from 'ava';
import {UserError} from '../../../lib/errors.js';
import type {Root} from '../../../lib/pki/root.js';
import {findLinux} from '../../../lib/pki/trust/linux.js';
import type {Place} from '../../../lib/pki/trust/place.js';
import {commandLine} from '../../../lib/pki/trust/step.js';
import {another, foreign, paperRoot} from '../../helpers/paper-root.js';
import {type Script, scriptedMachine} from '../../helpers/scripted-machine.js';

const root = await paperRoot();
const old = await paperRoot('');
const {name, file, pem} = root;

const debian = {
	platform: 'linux',
	programs: {'update-ca-certificates': '/usr/sbin/update-ca-certificates'},
	files: {
		'/etc/os-release': 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n',
		'/etc/ssl/certs/ca-certificates.crt': foreign,
	},
	entries: {'/usr/local/share/ca-certificates': {kind: 'directory', mode: 0o755}},
} satisfies Script;
const bundle = '/etc/ssl/certs/ca-certificates.crt';
const ours = `/usr/local/share/ca-certificates/${name}.crt`;

/** Debian with other files. */
const debianWith = (
	files: Readonly<Record<string, string>>,
	more: Partial<Script> = {},
): Script => ({
	...debian,
	files: {...debian.files, ...files},
	...more,
});

async function only(script: Script): Promise<Place> {
	const [place, ...more] = await findLinux(scriptedMachine(script));
	if (place === undefined || more.length > 0) {
		throw new Error('expected one place');
	}
	return place;
}

const lines = async (steps: ReturnType<Place['add']>) =>
	(await steps).map(step => commandLine(step, 'linux'));

const found = (certificates: Awaited<ReturnType<Place['look']>>) =>
	certificates.map(({fingerprint256}) => fingerprint256);

const fingerprint = ({certificate}: Root) => certificate.fingerprint256;

test('Debian: a file of ours and update-ca-certificates(8); --fresh after its removal', async t => {
	const place = await only(debian);
	t.is(place.by, 'root');
	t.is(place.store, 'system');
	t.is(place.obstacle, undefined);
	t.deepEqual(await place.look(), []);
	t.deepEqual(await place.add(root), [
		{kind: 'write', path: ours, content: root.certificate.toString(), from: file, mode: 0o644},
		{kind: 'run', program: '/usr/sbin/update-ca-certificates', args: []},
	]);
	t.deepEqual(await lines(place.add(root)), [
		`install -m 0644 ${file} ${ours}`,
		'/usr/sbin/update-ca-certificates',
	]);

	const after = await only(debianWith({[ours]: pem, [bundle]: foreign + pem}));
	t.deepEqual(found(await after.look()), [fingerprint(root)]);
	t.deepEqual(await after.leftovers?.(), []);
	t.deepEqual(await lines(after.remove(root)), [
		`rm -f ${ours}`,
		'/usr/sbin/update-ca-certificates --fresh',
	]);
});

/** Ubuntu's os-release(5), and those of two that are like others. */
const families: ReadonlyArray<{
	readonly title: string;
	readonly release: string;
	readonly program: string;
	readonly directory: string;
	readonly extension: string;
	readonly bundle: string;
	readonly add: string;
	readonly remove: string;
}> = [
	{
		title: 'Linux Mint, like Ubuntu: update-ca-certificates(8)',
		release: 'ID=linuxmint\nID_LIKE="ubuntu debian"\n',
		program: '/usr/sbin/update-ca-certificates',
		directory: '/usr/local/share/ca-certificates',
		extension: '.crt',
		bundle,
		add: '/usr/sbin/update-ca-certificates',
		remove: '/usr/sbin/update-ca-certificates --fresh',
	},
	{
		title: 'Fedora: update-ca-trust(8), "QUICK HELP 1"',
		release: 'ID=fedora\n',
		program: '/usr/bin/update-ca-trust',
		directory: '/etc/pki/ca-trust/source/anchors',
		extension: '.pem',
		bundle: '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
		add: '/usr/bin/update-ca-trust extract',
		remove: '/usr/bin/update-ca-trust extract',
	},
	{
		title: 'Rocky, like RHEL: update-ca-trust(8), "QUICK HELP 1"',
		release: 'NAME="Rocky Linux"\nID="rocky"\nID_LIKE="rhel centos fedora"\n',
		program: '/usr/bin/update-ca-trust',
		directory: '/etc/pki/ca-trust/source/anchors',
		extension: '.pem',
		bundle: '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
		add: '/usr/bin/update-ca-trust extract',
		remove: '/usr/bin/update-ca-trust extract',
	},
	{
		title: "Arch: Arch's update-ca-trust(8)",
		release: 'ID=arch\n',
		program: '/usr/bin/update-ca-trust',
		directory: '/etc/ca-certificates/trust-source/anchors',
		extension: '.crt',
		bundle: '/etc/ca-certificates/extracted/tls-ca-bundle.pem',
		add: '/usr/bin/update-ca-trust',
		remove: '/usr/bin/update-ca-trust',
	},
	{
		title: "openSUSE: openSUSE's update-ca-certificates(8)",
		release: 'ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"\n',
		program: '/usr/sbin/update-ca-certificates',
		directory: '/etc/pki/trust/anchors',
		extension: '.pem',
		bundle: '/var/lib/ca-certificates/ca-bundle.pem',
		add: '/usr/sbin/update-ca-certificates --fresh',
		remove: '/usr/sbin/update-ca-certificates --fresh',
	},
	{
		title: "Alpine: Alpine's update-ca-certificates(8)",
		release: 'ID=alpine\n',
		program: '/usr/sbin/update-ca-certificates',
		directory: '/usr/local/share/ca-certificates',
		extension: '.crt',
		bundle,
		add: '/usr/sbin/update-ca-certificates',
		remove: '/usr/sbin/update-ca-certificates',
	},
	{
		title: 'one that nobody heard of, by its directories',
		release: 'ID=unheard\n',
		program: '/usr/bin/update-ca-trust',
		directory: '/etc/pki/ca-trust/source/anchors',
		extension: '.pem',
		bundle: '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
		add: '/usr/bin/update-ca-trust extract',
		remove: '/usr/bin/update-ca-trust extract',
	},
];

for (const {title, release, program, directory, extension, ...family} of families) {
	test(title, async t => {
		const path = `${directory}/${name}${extension}`;
		const script: Script = {
			platform: 'linux',
			programs: {[program.split('/').at(-1) ?? '']: program},
			files: {'/etc/os-release': release},
			entries: {[directory]: {kind: 'directory'}},
		};
		t.deepEqual(await lines((await only(script)).add(root)), [
			`install -m 0644 ${file} ${path}`,
			family.add,
		]);
		const files = {...script.files, [path]: pem, [family.bundle]: foreign + pem};
		const after = await only({...script, files});
		t.deepEqual(found(await after.look()), [fingerprint(root)]);
		t.deepEqual(await lines(after.remove(root)), [`rm -f ${path}`, family.remove]);
	});
}

test('the keystore that update-ca-certificates rewrites for Java is put back byte for byte', async t => {
	const keystore = '/etc/ssl/certs/java/cacerts';
	const before = await only(debianWith({[keystore]: 'as it was'}));
	const add = await lines(before.add(root));
	const record = add[0]?.split(' ').at(-1) ?? '';
	t.regex(record, new RegExp(`^/var/lib/sealport/${name}-[\\da-f]{16}$`));
	t.deepEqual(add, [
		`mkdir -p -m 0755 ${record}`,
		`cp -p ${keystore} ${record}/before-cacerts`,
		`install -m 0644 ${file} ${ours}`,
		'/usr/sbin/update-ca-certificates',
		`cp -p ${keystore} ${record}/after-cacerts`,
	]);

	const left = {
		[ours]: pem,
		[bundle]: foreign + pem,
		[`${record}/before-cacerts`]: 'as it was',
		[`${record}/after-cacerts`]: 'with ours',
	};
	const drop = [
		`rm -f ${record}/before-cacerts`,
		`rm -f ${record}/after-cacerts`,
		`rmdir ${record}`,
		'rmdir /var/lib/sealport',
	];
	const after = await only(debianWith({...left, [keystore]: 'with ours'}));
	t.deepEqual(await lines(after.remove(root)), [
		`rm -f ${ours}`,
		'/usr/sbin/update-ca-certificates --fresh',
		`cp -p ${record}/before-cacerts ${keystore}`,
		...drop,
	]);

	const changed = await only(debianWith({...left, [keystore]: 'with ours and of others'}));
	t.deepEqual(await lines(changed.remove(root)), [
		`rm -f ${ours}`,
		'/usr/sbin/update-ca-certificates --fresh',
		...drop,
	]);
});

test('a change that broke off can be finished and taken back', async t => {
	const keystore = '/etc/ssl/certs/java/cacerts';
	const record = (await lines((await only(debianWith({[keystore]: ''}))).add(root)))[0]?.slice(17);
	const halfway = {[ours]: pem, [keystore]: 'maybe changed', [`${record}/before-cacerts`]: 'old'};
	const place = await only(debianWith(halfway));
	t.deepEqual(await place.look(), [], 'a file that nobody reads yet makes nobody trust it');
	t.deepEqual(found((await place.leftovers?.()) ?? []), [fingerprint(root)]);
	const drop = [`rm -f ${record}/before-cacerts`, `rmdir ${record}`, 'rmdir /var/lib/sealport'];
	t.deepEqual(
		await lines(place.add(root)),
		[...drop, `install -m 0644 ${file} ${ours}`, '/usr/sbin/update-ca-certificates'],
		'a keystore that may hold it already is nothing to come back to',
	);
	t.deepEqual(await lines(place.remove(root)), [
		`rm -f ${ours}`,
		'/usr/sbin/update-ca-certificates --fresh',
		...drop,
	]);

	const gone = await only(debianWith({[bundle]: pem}));
	t.deepEqual(found(await gone.look()), [fingerprint(root)], 'the file alone is not all');
	t.deepEqual(await lines(gone.remove(root)), ['/usr/sbin/update-ca-certificates --fresh']);
});

test('roots are told by their fingerprints, whatever their files are called', async t => {
	const files = {
		'/usr/local/share/ca-certificates/mine.crt': pem,
		'/usr/local/share/ca-certificates/company.crt': foreign,
		'/usr/local/share/ca-certificates/README': old.pem,
		'/usr/local/share/ca-certificates/rubbish.crt': 'rubbish',
		[`/usr/local/share/ca-certificates/${old.name}.crt`]: another,
		[bundle]: `# all\n${foreign}${pem}${another}`,
	};
	const place = await only(debianWith(files));
	t.deepEqual(found(await place.look()), [fingerprint(root)]);
	t.deepEqual(await lines(place.remove(root)), [
		'rm -f /usr/local/share/ca-certificates/mine.crt',
		'/usr/sbin/update-ca-certificates --fresh',
	]);
	await refuses(t, place.add(old), /something else in its place/);
});

test('a file with other certificates beside ours is left to its owner', async t => {
	const shared = '/usr/local/share/ca-certificates/all.crt';
	const place = await only(debianWith({[shared]: foreign + pem, [bundle]: foreign + pem}));
	await refuses(t, place.remove(root), /all\.crt holds other certificates/);
});

test('a directory that is missing is made', async t => {
	const place = await only({...debian, entries: {}});
	t.is((await lines(place.add(root)))[0], 'mkdir -p -m 0755 /usr/local/share/ca-certificates');
});

for (const [what, change, message] of [
	['a link in place of the directory', {kind: 'link'}, /symbolic link/],
	['a file in place of the directory', {kind: 'file'}, /not a directory/],
] as const) {
	test(`refused: ${what}`, async t => {
		const entries = {'/usr/local/share/ca-certificates': change};
		const place = await only({...debian, entries});
		await refuses(t, place.add(root), message);
		await refuses(t, place.remove(root), message);
	});
}

test('refused: a directory that others can write to', async t => {
	const place = await only({...debian, unguarded: ['/usr/local/share/ca-certificates']});
	await refuses(t, place.add(root), /others than root can write/);
	await refuses(t, place.remove(root), /others than root can write/);
});

test('refused: a link or a directory in place of the file', async t => {
	const entries = (kind: 'link' | 'directory') => ({...debian.entries, [ours]: {kind}});
	for (const kind of ['link', 'directory'] as const) {
		const place = await only(debianWith({}, {entries: entries(kind)}));
		await refuses(t, place.add(root), kind === 'link' ? /symbolic link/ : /something else/);
	}
});

test('without the program, what is there is seen, and the package is named', async t => {
	for (const [id, hint] of [
		['debian', 'install it: sudo apt-get install ca-certificates'],
		['fedora', 'install it: sudo dnf install ca-certificates'],
		['arch', 'install it: sudo pacman -S ca-certificates-utils'],
		['suse', 'install it: sudo zypper install ca-certificates'],
		['alpine', 'install it: sudo apk add ca-certificates'],
	] as const) {
		const {obstacle} = await only({
			platform: 'linux',
			files: {'/usr/lib/os-release': `ID=${id}\n`},
		});
		t.regex(obstacle?.reason ?? '', /^update-ca-\w+ was not found/);
		t.is(obstacle?.hint, hint);
	}
	const {obstacle} = await only({platform: 'linux', files: {'/etc/os-release': 'ID=nixos\n'}});
	t.regex(obstacle?.reason ?? '', /does not know/);
});

test('other systems have no such place', async t => {
	t.deepEqual(await findLinux(scriptedMachine({platform: 'darwin'})), []);
});

async function refuses(t: ExecutionContext, plan: Promise<unknown>, message: RegExp) {
	const error = await t.throwsAsync(plan, {instanceOf: UserError, message});
	t.is(error?.code, 'trust-store-unusable');
	t.truthy(error?.hint);
}
