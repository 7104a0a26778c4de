import {execFileSync, spawn} from 'node:child_process';
import {mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import type {Socket} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {type Run, sealportProgram, spawnProgram} from './cli.js';
import type {Owner} from './owner.js';
import {pathOf} from './programs.js';
import {type Outcome, run as runOutside} from './run.js';
import {temporaryDirectory} from './temporary-directory.js';

/** The directories in which a machine keeps what it trusts, and those to which its tools write besides. */
const kept = ['/etc/ssl', '/usr/local/share', '/var/lib', '/var/log'];

/** Prepares what all machines of a spec file start from, and keeps it for as long as this runs. */
const prepare = `
set -e
mount -t tmpfs none "$BASE"
n=0
for place in "$@"; do
	n=$((n + 1))
	mkdir "$BASE/upper$n" "$BASE/work$n"
	mount -t overlay overlay -o "lowerdir=$place,upperdir=$BASE/upper$n,workdir=$BASE/work$n" "$place"
done
update-ca-certificates --fresh >/dev/null 2>&1 || true
umount "$@"
echo ready
cat >/dev/null
`;

const furnish = `
set -e
mount -t tmpfs none "$ROOM"
n=0
for place in "$@"; do
	n=$((n + 1))
	mkdir "$ROOM/upper$n" "$ROOM/work$n"
	mount -t overlay overlay \
		-o "lowerdir=$BASE/upper$n:$place,upperdir=$ROOM/upper$n,workdir=$ROOM/work$n" "$place"
done
if test -n "$HOSTS"; then
	{ cat /etc/hosts; echo "$HOSTS"; } >"$ROOM/hosts"
	mount --bind "$ROOM/hosts" /etc/hosts
fi
echo ready
cat >/dev/null
`;

/** Why a machine of one's own cannot be had here, or `false`. */
export const noOwnMachine: string | false = (() => {
	if (process.platform !== 'linux') {
		return 'only Linux has mount namespaces';
	}
	if (process.getuid?.() !== 0) {
		return 'only root owns the files of the system';
	}
	const missing = ['unshare', 'nsenter', 'update-ca-certificates'].filter(
		program => pathOf(program) === undefined,
	);
	if (missing.length > 0) {
		return `${missing.join(', ')} not installed`;
	}
	try {
		execFileSync('unshare', ['--mount', 'true'], {stdio: 'ignore'});
		return false;
	} catch {
		return 'mount namespaces are not allowed here';
	}
})();

/** A machine whose trust stores and home are the test's own; the rest of it is this one. */
export interface OwnMachine {
	/** A home directory, empty at first. */
	readonly home: string;
	/** Runs a program there to its end, with HOME and PATH as its only variables besides `env`. */
	run(
		program: string,
		args: readonly string[],
		options?: {readonly env?: NodeJS.ProcessEnv; readonly input?: string; readonly uid?: number},
	): Promise<Outcome>;
	/** Runs `sealport` there to its end. */
	sealport(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Outcome>;
	/** Starts a program there that stays; it ends when the spec ends. */
	start(program: string, args: readonly string[], env?: NodeJS.ProcessEnv): Run;
}

/**
 * Makes a machine of the test's own: a mount namespace in which the directories of system-wide trust
 * stores can be changed and nobody else sees it, in the state that `update-ca-certificates --fresh`
 * leaves. The network is shared. It goes away with the test.
 *
 * @param hosts further lines of its `/etc/hosts`
 */
export async function ownMachine(t: Owner, hosts: readonly string[] = []): Promise<OwnMachine> {
	base ??= makeBase();
	const {pid, directory: BASE} = await base;
	const room = join(temporaryDirectory(t), 'room');
	const home = join(temporaryDirectory(t), 'home');
	mkdirSync(room);
	mkdirSync(home);
	const keeper = await keepNamespace(['nsenter', `--mount=/proc/${pid}/ns/mnt`], furnish, {
		BASE,
		ROOM: room,
		HOSTS: hosts.join('\n'),
	});
	t.teardown(() => {
		keeper.kill('SIGKILL');
	});
	const enter = [`--mount=/proc/${keeper.pid}/ns/mnt`];
	const {PATH} = process.env;
	const run: OwnMachine['run'] = (program, args, {env = {}, input, uid} = {}) =>
		runOutside(
			'nsenter',
			[
				...enter,
				...(uid === undefined ? [] : [`--setuid=${uid}`, `--setgid=${uid}`]),
				...['--', 'env', '-i', `PATH=${PATH}`, `HOME=${home}`],
				...Object.entries(env).map(([name, value]) => `${name}=${value}`),
				program,
				...args,
			],
			input === undefined ? {} : {input},
		);
	return {
		home,
		run,
		sealport: (args, env = {}) => run(process.execPath, [sealportProgram, ...args], {env}),
		start: (program, args, env = {}) =>
			spawnProgram(t, home, 'nsenter', [...enter, '--', program, ...args], env, true),
	};
}

let base: ReturnType<typeof makeBase> | undefined;

/** Made once for a spec file: `update-ca-certificates --fresh` takes seconds. */
async function makeBase() {
	const directory = mkdtempSync(join(tmpdir(), 'sealport-machines-'));
	process.on('exit', () => rmSync(directory, {recursive: true, force: true}));
	const keeper = await keepNamespace([], prepare, {BASE: directory});
	process.on('exit', () => keeper.kill('SIGKILL'));
	// The end of the spec file does not wait for it.
	keeper.unref();
	for (const pipe of [keeper.stdin, keeper.stdout] as Partial<Socket>[]) {
		pipe.unref?.();
	}
	return {pid: keeper.pid, directory};
}

/**
 * Runs a script in a mount namespace of its own, which is there until the process is killed.
 *
 * @param within a command that runs another, and its arguments
 */
async function keepNamespace(within: readonly string[], script: string, env: NodeJS.ProcessEnv) {
	const [program = '', ...args] = [...within, 'unshare', '--mount', '--propagation', 'private'];
	const keeper = spawn(program, [...args, 'sh', '-c', script, 'sh', ...kept], {
		stdio: ['pipe', 'pipe', 'inherit'],
		env: {PATH: process.env.PATH, ...env},
	});
	await new Promise<void>((resolve, reject) => {
		keeper.stdout.once('data', () => resolve());
		keeper.once('exit', code => reject(new Error(`the namespace was not made: code ${code}`)));
	});
	return keeper;
}
