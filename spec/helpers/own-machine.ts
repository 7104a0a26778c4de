import {execFileSync, spawn} from 'node:child_process';
import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {type Run, sealportProgram, spawnProgram} from './cli.js';
import {pathOf} from './programs.js';
import {type Outcome, run as runOutside} from './run.js';
import {temporaryDirectory} from './temporary-directory.js';

/** The directories in which a machine keeps what it trusts, and those to which its tools write besides. */
const kept = ['/etc/ssl', '/usr/local/share', '/var/lib', '/var/log'];

const script = `
set -e
mount -t tmpfs none "$1"
shift
n=0
for place in "$@"; do
	n=$((n + 1))
	mkdir "$ROOM/upper$n" "$ROOM/work$n"
	mount -t overlay overlay -o "lowerdir=$place,upperdir=$ROOM/upper$n,workdir=$ROOM/work$n" "$place"
done
if test -n "$HOSTS"; then
	{ cat /etc/hosts; echo "$HOSTS"; } >"$ROOM/hosts"
	mount --bind "$ROOM/hosts" /etc/hosts
fi
update-ca-certificates --fresh >/dev/null 2>&1 || true
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
export async function ownMachine(
	t: ExecutionContext,
	hosts: readonly string[] = [],
): Promise<OwnMachine> {
	const room = join(temporaryDirectory(t), 'room');
	const home = join(temporaryDirectory(t), 'home');
	mkdirSync(room);
	mkdirSync(home);
	const keeper = spawn(
		'unshare',
		['--mount', '--propagation', 'private', 'sh', '-c', script, 'sh', room, ...kept],
		{
			stdio: ['pipe', 'pipe', 'inherit'],
			env: {PATH: process.env.PATH, ROOM: room, HOSTS: hosts.join('\n')},
		},
	);
	t.teardown(() => {
		keeper.kill('SIGKILL');
	});
	await new Promise<void>((resolve, reject) => {
		keeper.stdout.once('data', () => resolve());
		keeper.once('exit', code => reject(new Error(`the namespace was not made: code ${code}`)));
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
