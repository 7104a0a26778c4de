import type {WriteStream} from 'node:tty';
import {accepts} from './accepts.js';
import {childEnvironment} from './child-environment.js';
import type {DevCommand} from './dev-command.js';
import type {Endings} from './endings.js';
import {followBackend} from './follow-backend.js';
import {type Launched, launch} from './launch.js';
import {portOfTree} from './other-port.js';
import {projectPath} from './project-path.js';
import {supervise} from './supervise.js';
import {openTree} from './tree/tree.js';
import {watchTree} from './tree/watch.js';

/** A dev server to run, and who is told of it. */
export interface ServerRun {
	readonly command: DevCommand;
	/** Variables for it besides those that every dev server has. */
	readonly variables: Readonly<Record<string, string>>;
	/** The port that it is told to listen on. */
	readonly port: number;
	/** What is in front of it. */
	readonly tunnel: {readonly url: string; readonly caFile: string | undefined};
	readonly endings: Endings;
	/** Nobody else's: what its processes are known by. */
	readonly marker: string;
	readonly restart: boolean;
	/** Gets all that it prints as text. */
	readonly keep: (text: string) => void;
	/** Where its standard output goes. */
	readonly stdout: WriteStream;
	readonly warn: (message: string) => void;
	readonly note: (message: string) => void;
	/**
	 * It accepts connections on this port.
	 *
	 * @param isWithinLine whether what it has printed on its standard output ends within a line
	 */
	readonly onPort: (port: number, isWithinLine: boolean) => Promise<void>;
}

/** Milliseconds between looks at the tree while all is well. */
const looking = 10_000;

/**
 * Runs a dev server in this terminal until it has ended with all that it has started.
 *
 * @returns its exit code
 * @throws CommandError when it cannot be started
 */
export async function runServer(run: ServerRun): Promise<number> {
	const {command, port, tunnel, endings, marker, restart, warn, note} = run;
	const {stderr} = process;
	const {variables, warnings} = await childEnvironment(
		{port, url: tunnel.url, marker, caFile: tunnel.caFile, streams: [run.stdout, stderr]},
		process.env,
	);
	for (const warning of warnings) {
		warn(warning);
	}
	const path = projectPath(command.cwd, process.env);
	const env = {...process.env, ...path, ...variables, ...run.variables};
	// What opens our key, and what lets in here, is none of its business.
	for (const secret of ['SEALPORT_PASSPHRASE', 'SEALPORT_TOKEN', 'SEALPORT_AUTH']) {
		delete env[secret];
	}
	const watch = watchTree(marker);
	const tree = await openTree(marker);
	const look = async () => watch.tell(await tree.members());
	const timer = process.platform === 'win32' ? undefined : setInterval(look, looking).unref();
	let served = port;
	let launched: Launched | undefined;
	try {
		return await supervise({
			name: command.name,
			tree,
			endings,
			restart,
			warn,
			note,
			isServing: () => accepts(served),
			async launch() {
				launched = await launch(
					{words: command.words, cwd: command.cwd, env},
					{stdout: run.stdout, stderr, keep: run.keep},
				);
				const started = await tree.add(launched.pid);
				watch.tell(started === undefined ? [] : [{pid: launched.pid, started}]);
				return launched;
			},
			follow: signal =>
				followBackend(
					{
						port,
						otherPort: async () => {
							await look();
							return portOfTree(tree);
						},
						async onPort(actual) {
							served = actual;
							await run.onPort(actual, launched?.stdout.isWithinLine ?? false);
							await look();
						},
						onLate: () =>
							warn(
								`${command.name} does not listen on port ${port} yet, tried on 127.0.0.1 and ::1: still waiting; it is told the port by PORT`,
							),
					},
					signal,
				),
		});
	} finally {
		clearInterval(timer);
	}
}
