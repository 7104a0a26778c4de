import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {sealportProgram, spawnProgram} from '../helpers/cli.js';
import {greet} from '../helpers/client-hello.js';
import {fakeClock, withFakeClock} from '../helpers/fake-clock.js';
import {noOwnMachine, ownMachine} from '../helpers/own-machine.js';
import {unless} from '../helpers/programs.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

const test = withFakeClock;
const onOwnMachine = noOwnMachine === false ? test : unless(noOwnMachine);
const day = 86_400_000;

/** What a start came to. */
interface Start {
	/** How it failed, or `undefined` while it runs. */
	readonly failure: string | undefined;
	/** Resolves once it has said that. */
	says(text: RegExp): Promise<void>;
	/** Where it listens; 0 when it failed. */
	readonly port: number;
	/** The files of the store, by name, without the leaf, which is made anew when the clock asks for it. */
	readonly store: Readonly<Record<string, string>>;
}

const clockOf = (days: number) => fakeClock(`${days < 0 ? '-' : '+'}${Math.abs(days)}d`);

/** Starts `sealport` on a machine whose clock is so many days ahead. */
async function start(
	t: ExecutionContext,
	home: string,
	days: number,
	...flags: readonly string[]
): Promise<Start> {
	const directory = join(home, 'store');
	const command = [sealportProgram, '1', '--port', '0', '--json', '--certs', directory, ...flags];
	const run = spawnProgram(t, home, process.execPath, command, clockOf(days), true);
	const port = await run.listening().then(
		event => event.port,
		() => 0,
	);
	const failure = port === 0 ? `${await run.ended}: ${run.stderr}` : undefined;
	const names = readdirSync(directory).filter(name => name !== 'leaf.pem');
	const store = Object.fromEntries(
		names.map(name => [name, readFileSync(join(directory, name), 'utf8')]),
	);
	return {failure, says: run.says, port, store};
}

test('with the clock 400 days ahead the authority is kept, and leaves are of that day', async t => {
	const home = temporaryDirectory(t);
	const {store} = await start(t, home, 0);
	const ahead = await start(t, home, 400);
	t.is(ahead.failure, undefined);
	t.deepEqual(ahead.store, store);
	const {leaf} = await greet(ahead.port);
	const from = Date.parse(leaf?.validFrom ?? '') - Date.now();
	t.true(from > 399 * day && from < 400 * day);
});

test('with the clock 400 days behind it says that the authority is not valid yet', async t => {
	const home = temporaryDirectory(t);
	const {store} = await start(t, home, 0);
	const behind = await start(t, home, -400);
	t.regex(
		behind.failure ?? '',
		/^1: error: cannot use the authority in \S+: it is valid only from .*clock.*\nhint: set the clock/,
	);
	t.deepEqual(behind.store, store);
	t.is((await start(t, home, 0)).failure, undefined);
});

test('an authority that was made with a wrong clock is refused once that is right', async t => {
	const home = temporaryDirectory(t);
	const {store} = await start(t, home, 400);
	const right = await start(t, home, 0);
	t.regex(right.failure ?? '', /^1: error: .* it is valid only from .*\nhint: set the clock/);
	t.deepEqual(right.store, store);
});

test('an authority that has expired is refused, and kept', async t => {
	const home = temporaryDirectory(t);
	const {store} = await start(t, home, 0);
	const late = await start(t, home, 3700);
	t.regex(late.failure ?? '', /^1: error: .* it expired on .*\nhint: .*sealport trust/);
	t.deepEqual(late.store, store);
});

test('a self-signed certificate that has ended is renewed with a warning', async t => {
	const home = temporaryDirectory(t);
	const {store} = await start(t, home, 0, '--self-signed');
	const ahead = await start(t, home, 400, '--self-signed');
	t.is(ahead.failure, undefined);
	await t.notThrowsAsync(ahead.says(/^warning: a new self-signed certificate is in .*ended on/m));
	t.not(ahead.store['self-signed.pem'], store['self-signed.pem']);
});

test('a self-signed certificate of the future is refused, and kept', async t => {
	const home = temporaryDirectory(t);
	const {store} = await start(t, home, 0, '--self-signed');
	const behind = await start(t, home, -400, '--self-signed');
	t.regex(behind.failure ?? '', /^1: error: .* it is valid only from .*\nhint: set the clock/);
	t.deepEqual(behind.store, store);
});

onOwnMachine(
	'sealport trust changes nothing with the clock behind, and renews when all is over',
	async t => {
		const machine = await ownMachine(t);
		const trust = (days: number) => machine.sealport(['trust', '--store', 'system'], clockOf(days));
		const trusted = async () => {
			const names = (await machine.run('ls', ['/usr/local/share/ca-certificates'])).stdout;
			return names.match(/^sealport-.*$/gm) ?? [];
		};
		t.is((await trust(0)).code, 0);
		const [root] = await trusted();
		const behind = await trust(-400);
		t.is(behind.code, 1);
		t.regex(behind.stderr, /^error: .* it is valid only from .*\nhint: set the clock/);
		t.deepEqual(await trusted(), [root]);
		const late = await trust(3700);
		t.is(late.code, 0, late.stderr);
		t.regex(late.stderr, /a new authority replaces the old one/);
		const [next, ...more] = await trusted();
		t.not(next, root);
		t.deepEqual(more, []);
	},
);
