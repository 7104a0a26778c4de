import {execFileSync, spawn} from 'node:child_process';
import {type Run, sealportProgram, spawnProgram} from './cli.js';
import type {Owner} from './owner.js';
import {pathOf} from './programs.js';
import {type Outcome, run} from './run.js';

/** Only root makes one without a namespace of users, in which it is root again. */
const asRoot = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];

/** Why a network of one's own cannot be had here, or `false`. */
export const noOwnNetwork: string | false = (() => {
	if (process.platform !== 'linux') {
		return 'only Linux has network namespaces';
	}
	const missing = ['unshare', 'nsenter', 'ip'].filter(program => pathOf(program) === undefined);
	if (missing.length > 0) {
		return `${missing.join(', ')} not installed`;
	}
	try {
		execFileSync('unshare', [...asRoot, '--net', 'true'], {stdio: 'ignore'});
		return false;
	} catch {
		return 'network namespaces are not allowed here';
	}
})();

/** A machine's network on which nobody listens but who is started in it. */
export interface OwnNetwork {
	/** What `nsenter` needs to run a program in it. */
	readonly enter: readonly string[];
	/** Of a process in it. */
	readonly pid: number;
	/** Runs a program in it to its end. */
	run(program: string, ...args: readonly string[]): Promise<Outcome>;
	/** Starts a program in it, which ends with the spec. */
	start(directory: string, program: string, args: readonly string[], env?: NodeJS.ProcessEnv): Run;
	/** Runs `sealport` in it. */
	sealport(home: string, args: readonly string[], env?: NodeJS.ProcessEnv): Run;
}

/**
 * Makes a network of the test's own, with nothing but loopback. It goes away with the test.
 *
 * @param beside another one, to be connected with
 */
export async function ownNetwork(t: Owner, beside?: OwnNetwork): Promise<OwnNetwork> {
	const script = 'ip link set lo up && echo ready && cat >/dev/null';
	const unshare = ['unshare', ...(beside === undefined ? asRoot : []), '--net', 'sh', '-c', script];
	const [file = '', ...args] =
		beside === undefined ? unshare : ['nsenter', ...beside.enter, ...unshare];
	const keeper = spawn(file, args, {stdio: ['pipe', 'pipe', 'inherit']});
	t.teardown(() => {
		keeper.kill('SIGKILL');
	});
	await new Promise<void>((resolve, reject) => {
		keeper.stdout.once('data', () => resolve());
		keeper.once('exit', code => reject(new Error(`the network was not made: code ${code}`)));
	});
	const enter = [
		`--net=/proc/${keeper.pid}/ns/net`,
		...(asRoot.length === 0
			? []
			: [`--user=/proc/${keeper.pid}/ns/user`, '--preserve-credentials']),
		'--',
	];
	const start: OwnNetwork['start'] = (directory, program, args, env = {}) =>
		spawnProgram(t, directory, 'nsenter', [...enter, program, ...args], env);
	return {
		enter,
		pid: keeper.pid ?? 0,
		run: (program, ...rest) => run('nsenter', [...enter, program, ...rest]),
		start,
		sealport: (home, args, env) => start(home, process.execPath, [sealportProgram, ...args], env),
	};
}
