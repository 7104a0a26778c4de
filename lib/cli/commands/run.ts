import {randomBytes} from 'node:crypto';
import {setTimeout as pause} from 'node:timers/promises';
import type {FilesRead} from '../../config/files-read.js';
import {type ServeOptions, serve, type Tunnel} from '../../index.js';
import {CommandError} from '../../run/command-error.js';
import {devCommand} from '../../run/dev-command.js';
import {hearEndings} from '../../run/endings.js';
import {frameworkArguments} from '../../run/frameworks/framework-arguments.js';
import {freePort} from '../../run/free-port.js';
import {lastLines} from '../../run/last-lines.js';
import {runServer} from '../../run/run-server.js';
import {attend} from '../attend.js';
import type {Flags} from '../flags.js';
import {isHangUp} from '../hang-up.js';
import {warnOfHosts} from '../keep-serving.js';
import {namingOrigin} from '../origins.js';
import {note, reportError, warn} from '../output.js';
import {followChanges, type Reloads} from '../reload.js';
import {movedTo, runOptions} from '../run-options.js';
import {warnOfSecrets} from '../secret-flags.js';

/** The flags of `sealport run`. */
export interface RunFlags extends Flags {
	readonly restart?: boolean | undefined;
}

/** Milliseconds for what is still being answered when the dev server is gone. */
const lastAnswers = 1000;

/**
 * `sealport run`: starts a dev server with a port to listen on, and wraps it.
 *
 * @param words what to start; what the configuration file names, or the project's `dev` script, when left out
 * @returns the exit code, which is that of what was started
 * @throws UserError whatever `serve` throws, and `usage` when there is nothing to start
 */
export async function run(given: RunFlags, words: readonly string[]): Promise<number> {
	let port = await freePort();
	const lines = lastLines();
	const telling = (options: ServeOptions): ServeOptions => ({
		...options,
		lastWords: label => (label === `http://localhost:${port}` ? lines.text() : undefined),
	});
	const again = async (files?: FilesRead) => {
		const {options, ...rest} = await runOptions(port, given, files);
		return {...rest, options: options.map(telling)};
	};
	const holds = await again();
	const {flags} = holds;
	const command = devCommand(words, process.cwd(), {command: holds.command, file: holds.file});
	const endings = hearEndings(() => {
		if (reloads === undefined || isHangUp()) {
			return false;
		}
		void reloads.reload();
		return true;
	});
	let reloads: Reloads | undefined;
	const tunnel = await serve(holds.options[0] ?? {routes: port}).catch(error => {
		endings.close();
		throw namingOrigin(error, holds.origins);
	});
	let latest = holds.options[0];
	reloads =
		holds.file === undefined
			? undefined
			: followChanges(
					new Map([[tunnel, latest ?? {routes: port}]]),
					{
						holds,
						again: async files => {
							const next = await again(files);
							latest = next.options[0];
							return next;
						},
					},
					() => undefined,
				);
	const moveTo = async (other: number) => {
		if (other !== port) {
			port = other;
			latest = telling(movedTo(port, latest ?? {routes: port}));
			// What is wrong with it is told, and the dev server goes on.
			await tunnel.reload(latest).catch(error => {
				reportError(namingOrigin(error, holds.origins), flags.verbose ?? false);
			});
		}
	};
	const [tell, mention] = flags.quiet ? [() => undefined, () => undefined] : [warn, note];
	let isSaid = false;
	try {
		const place = {port, host: '127.0.0.1', url: tunnel.url, cwd: command.cwd};
		const told = await frameworkArguments(command.words, place);
		const asked = told.port ?? port;
		await moveTo(asked);
		void endings.first.then(() => tunnel.close());
		const code = await runServer({
			command: {...command, words: told.command},
			variables: told.env,
			port: asked,
			tunnel,
			endings,
			marker: randomBytes(16).toString('hex'),
			restart: given.restart ?? false,
			keep: lines.add,
			stdout: flags.json ? process.stderr : process.stdout,
			warn: tell,
			note: mention,
			async onPort(actual, isWithinLine) {
				if (actual !== asked && actual !== port) {
					tell(`it listens on port ${actual}, and not on ${asked} as PORT asks for: wrapped there`);
				}
				await moveTo(actual);
				if (!isSaid) {
					isSaid = true;
					process.stdout.write(isWithinLine && !flags.json ? '\n' : '');
					await present(tunnel, flags, holds.options[0]);
				}
			},
		});
		await leave(tunnel, code);
		return code;
	} catch (error) {
		await tunnel.close(0);
		if (error instanceof CommandError) {
			reportError(error, flags.verbose ?? false);
			return error.exitCode;
		}
		throw error;
	} finally {
		reloads?.close();
		endings.close();
	}
}

async function leave(tunnel: Tunnel, code: number): Promise<void> {
	const isClosed = await Promise.race([
		tunnel.close(lastAnswers).then(() => true),
		pause(lastAnswers, false, {ref: false}),
	]);
	if (!isClosed) {
		// A signal has begun to close it, for which what runs had longer: nobody answers that any more.
		process.exit(code);
	}
}

async function present(tunnel: Tunnel, flags: Flags, options?: ServeOptions): Promise<void> {
	attend(tunnel, flags);
	if (!flags.quiet) {
		warnOfSecrets(flags);
		void warnOfHosts(tunnel, options);
	}
	if (flags.open) {
		const {openBrowser} = await import('../open-browser.js');
		await openBrowser(tunnel);
	}
}
