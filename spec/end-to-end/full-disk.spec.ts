import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {sealportProgram} from '../helpers/cli.js';
import {noOwnMachine, type OwnMachine, ownMachine} from '../helpers/own-machine.js';
import {unless} from '../helpers/programs.js';

const test = unless(noOwnMachine);

/** Puts a small file system over a directory, seen in the machine alone; one page of it may be taken. */
async function mountSmall(
	t: ExecutionContext,
	machine: OwnMachine,
	place: string,
	{pages, inodes}: {readonly pages: number; readonly inodes: number},
): Promise<void> {
	// Its root is the first inode; the file that takes a page takes another one.
	const size = `mode=755,size=${Math.max(pages, 1) * 4}k,nr_inodes=${inodes + (pages === 0 ? 2 : 1)}`;
	const {code, stderr} = await machine.run('mount', ['-t', 'tmpfs', '-o', size, 'none', place]);
	t.is(code, 0, stderr);
	if (pages === 0) {
		await machine.run('dd', ['if=/dev/zero', `of=${place}/full`, 'bs=4k', 'count=1']);
	}
}

const list = async (machine: OwnMachine, place: string) =>
	(await machine.run('find', [place, '-printf', '%P %s\n'])).stdout;

/** Wraps a backend until it listens, or returns what it said when it failed. */
async function start(machine: OwnMachine, directory: string): Promise<string | undefined> {
	const args = [sealportProgram, '1', '--port', '0', '--json', '--certs', directory];
	const run = machine.start(process.execPath, args);
	const failed = run.ended.then(() => `${run.stderr}`);
	return Promise.race([
		run.listening().then(
			() => undefined,
			() => failed,
		),
		failed,
	]);
}

for (const [what, room, written] of [
	['the directory', {pages: 9, inodes: 0}, ''],
	['a file in it', {pages: 9, inodes: 1}, ''],
	['the content of authority.pem', {pages: 0, inodes: 9}, ''],
	['the name of authority.pem', {pages: 9, inodes: 2}, ''],
	['ca.pem', {pages: 1, inodes: 9}, 'authority.pem'],
] as const) {
	test(`a disk without room for ${what}: nothing is left half done, and room mends it`, async t => {
		const machine = await ownMachine(t);
		const place = join(machine.home, 'disk');
		const store = join(place, 'store');
		await machine.run('mkdir', [place]);
		await mountSmall(t, machine, place, room);
		for (const round of [1, 2]) {
			const said = (await start(machine, store)) ?? '';
			t.regex(said, /^error: cannot .*no space left on the device \(ENOSPC\)\n/, `${round}`);
			t.regex(said, /^hint: make room on that disk, or choose another directory with --certs$/m);
			t.is(said.trim().split('\n').length, 2, said);
			const files = (await machine.run('ls', ['-A', store])).stdout.trim();
			t.is(files, written);
		}
		const authority = await machine.run('cat', [join(store, 'authority.pem')]);
		await machine.run('mount', ['-o', 'remount,size=1m,nr_inodes=99', place]);
		t.is(await start(machine, store), undefined);
		if (written !== '') {
			t.is((await machine.run('cat', [join(store, 'authority.pem')])).stdout, authority.stdout);
		}
	});
}

test('a store that is whole needs no room', async t => {
	const machine = await ownMachine(t);
	const place = join(machine.home, 'disk');
	await machine.run('mkdir', [place]);
	await mountSmall(t, machine, place, {pages: 9, inodes: 9});
	t.is(await start(machine, join(place, 'store')), undefined);
	await machine.run('dd', ['if=/dev/zero', `of=${place}/full`, 'bs=4k']);
	const before = await list(machine, place);
	t.is(await start(machine, join(place, 'store')), undefined);
	t.is(await list(machine, place), before);
});

const trusted = '/usr/local/share/ca-certificates';

test('sealport trust without room for ca.pem trusts nothing', async t => {
	const machine = await ownMachine(t);
	const place = join(machine.home, 'disk');
	await machine.run('mkdir', [place]);
	await mountSmall(t, machine, place, {pages: 1, inodes: 9});
	const before = await list(machine, trusted);
	const {code, stdout, stderr} = await machine.sealport([
		...['trust', '--certs', join(place, 'store')],
	]);
	t.is(code, 1);
	t.is(stdout, '');
	t.regex(
		stderr,
		/^error: cannot write \S+ca\.pem: no space left on the device \(ENOSPC\)\nhint: make room/,
	);
	t.is(await list(machine, trusted), before);
});

test('sealport trust without room in the system store says so, and room mends it', async t => {
	const machine = await ownMachine(t);
	await mountSmall(t, machine, trusted, {pages: 0, inodes: 9});
	const before = await list(machine, trusted);
	const {code, stdout} = await machine.sealport(['trust', '--store', 'system']);
	t.is(code, 1);
	t.regex(stdout, /^system +failed .*\n.*no space left on the device \(ENOSPC\)\n +hint: /m);
	t.is(await list(machine, trusted), before);
	await machine.run('mount', ['-o', 'remount,size=1m', trusted]);
	const again = await machine.sealport(['trust', '--store', 'system']);
	t.is(again.code, 0, again.stdout + again.stderr);
	t.regex(await list(machine, trusted), /^sealport-[\da-f]{16}\.crt/m);
});

test('a disk without room for a certificate that was asked for: nothing is left, and it is said', async t => {
	const machine = await ownMachine(t);
	const place = join(machine.home, 'disk');
	await machine.run('mkdir', [place]);
	await mountSmall(t, machine, place, {pages: 0, inodes: 9});
	const {code, stdout, stderr} = await machine.sealport(['cert', '--out', `${place}/out`]);
	t.is(code, 1);
	t.is(stdout, '');
	t.regex(stderr, /no space left on the device \(ENOSPC\)$/m);
	t.regex(stderr, /^hint: make room on that disk, or give another directory with --out$/m);
	t.is((await machine.run('find', [place, '-name', '*.pem'])).stdout, '');
});
