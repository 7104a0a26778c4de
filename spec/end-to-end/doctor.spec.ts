import {chmodSync, existsSync, lstatSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {patient} from '../helpers/doctor.js';
import {unless} from '../helpers/programs.js';

const onPosix = unless(process.platform === 'win32' && 'no modes here', false);

/** Every file below a directory, with its mode and content. */
function everything(directory: string): unknown {
	return readdirSync(directory, {recursive: true, encoding: 'utf8'})
		.sort()
		.map(name => {
			const path = join(directory, name);
			const {mode, mtimeMs} = lstatSync(path);
			return [name, mode, mtimeMs, lstatSync(path).isFile() && readFileSync(path, 'utf8')];
		});
}

test('all is well where no client is in the way, and nothing was changed', async t => {
	const it = await patient(t);
	chmodSync(it.directory, 0o700);
	const before = everything(it.home);
	const {code, all, end, of, stderr} = await it.examine();
	t.deepEqual(
		all.filter(({verdict, name}) => verdict === 'failed' && name !== 'nss'),
		[],
	);
	for (const name of ['store', 'authority', 'clock', 'port', 'proxy']) {
		t.is(of(name)[0]?.verdict, 'ok', name);
	}
	t.regex(
		of('clients')[0]?.detail ?? '',
		/^not installed.*curl, wget, openssl, git, python, java, go/,
	);
	t.is(end?.event, 'doctor');
	t.is(code, end?.ok ? 0 : 1);
	t.is(stderr, '');
	t.deepEqual(everything(it.home), before);
});

onPosix('what a client says is one line that a terminal can bear', async t => {
	const it = await patient(t);
	it.script(
		'curl',
		`printf 'first\\n\\033[2Jno certificate \\342\\200\\256\\n third\\n' >&2; exit 60`,
	);
	const run = await it.start();
	t.is(await run.ended, 1);
	t.notRegex(run.stdout, /\u001b|\u202e/);
	t.regex(
		run.stdout,
		/^failed {2}curl +refuses: \\x1b\[2Jno certificate \\u\{202e\}\n +hint: sealport trust$/m,
	);
	t.regex(run.stderr, /checks? ha(s|ve) failed/);
});

onPosix('a client that hangs is ended after its time, with all that it has started', async t => {
	const it = await patient(t);
	it.script('wget', `/bin/sleep 1000 & echo $! $$ > ${it.home}/pids; wait`);
	const {code, of} = await it.examine();
	t.is(code, 1);
	t.regex(of('wget')[0]?.detail ?? '', /no.* answer within 10 seconds/);
	const pids = readFileSync(join(it.home, 'pids'), 'utf8').trim().split(' ').map(Number);
	t.is(pids.length, 2);
	for (const pid of pids) {
		t.false(isAlive(pid));
	}
});

onPosix('Ctrl+C ends it, its clients, and what it has written', async t => {
	const it = await patient(t);
	it.script('wget', `echo $$ > ${it.home}/pid; exec /bin/sleep 1000`);
	const run = await it.start();
	await run.says('proxy');
	while (!existsSync(join(it.home, 'pid')) || readFileSync(join(it.home, 'pid')).length === 0) {
		await new Promise(resolve => setTimeout(resolve, 20));
	}
	run.child.kill('SIGINT');
	t.is(await run.ended, 130);
	t.false(isAlive(Number(readFileSync(join(it.home, 'pid'), 'utf8'))));
	t.deepEqual(
		readdirSync(it.home).filter(name => name.startsWith('sealport-doctor')),
		[],
	);
});

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
	} catch {
		return false;
	}
}

test('the end says how many notes there are', async t => {
	const it = await patient(t);
	const run = await it.start();
	const code = await run.ended;
	const notes = run.stdout.match(/^note /gm)?.length ?? 0;
	t.true(notes > 0, run.stdout);
	t.regex(
		run.stderr,
		code === 0 ? new RegExp(`^nothing has failed; (one|${notes}) notes?$`, 'm') : /failed/,
	);
});
