import {randomBytes} from 'node:crypto';
import {setTimeout as pause} from 'node:timers/promises';
import {type ServeOptions, serve, type Tunnel, UserError} from '../../index.js';
import {CommandError} from '../../run/command-error.js';
import {devCommand} from '../../run/dev-command.js';
import {hearEndings} from '../../run/endings.js';
import {frameworkArguments} from '../../run/frameworks/framework-arguments.js';
import {freePort} from '../../run/free-port.js';
import {lastLines} from '../../run/last-lines.js';
import {runServer} from '../../run/run-server.js';
import {attend} from '../attend.js';
import {type Effective, effective} from '../effective.js';
import type {Flags} from '../flags.js';
import {note, reportError, warn} from '../output.js';
import type {Reloads} from '../reload.js';

/** The flags of `sealport run`. */
export interface RunFlags extends Flags {
	readonly restart?: boolean | undefined;
}

/** Milliseconds for what is still being answered when the dev server is gone. */
const lastAnswers = 1000;

/**
 * `sealport run`: starts a dev server with a port to listen on, and wraps it.
 *
 * @param words what to start; the project's `dev` script when left out
 * @returns the exit code, which is that of what was started
 * @throws UserError whatever `serve` throws, and `usage` when there is nothing to start
 */
export async function run(flags: RunFlags, words: readonly string[]): Promise<number> {
	const port = await freePort();
	const lines = lastLines();
	const own = new Set([labelOf(port)]);
	let current = port;
	const lastWords = (label: string) => (own.has(label) ? lines.text() : undefined);
	const ask = async (files?: Set<string>): Promise<Effective> => {
		const given = {backend: String(current), flags};
		const holds = await effective(given, files === undefined ? {} : {files});
		return {...holds, options: holds.options.map(options => ({...options, lastWords}))};
	};
	const holds = await ask();
	const [options, ...more] = holds.options;
	if (options === undefined || more.length > 0) {
		throw new UserError('usage', 'one dev server goes with one tunnel, not with several proxies', {
			hint: 'leave out --config, --source and --target: run finds the port by itself',
		});
	}
	const command = devCommand(words.length > 0 ? words : wordsOf(holds.command), process.cwd());
	const endings = hearEndings();
	const tunnel = await serve(options);
	const reloads = await followFile(tunnel, options, holds, ask);
	const place = {port, host: '127.0.0.1', url: tunnel.url, cwd: command.cwd};
	const told = await frameworkArguments(command.words, place);
	const asked = told.port ?? port;
	own.add(labelOf(asked));
	let isSaid = false;
	const closing = endings.first.then(() => tunnel.close());
	try {
		const code = await runServer({
			command: {...command, words: told.command},
			variables: told.env,
			port: asked,
			tunnel,
			endings,
			marker: randomBytes(16).toString('hex'),
			restart: flags.restart ?? false,
			keep: lines.add,
			stdout: holds.flags.json ? process.stderr : process.stdout,
			warn,
			note: holds.flags.quiet ? () => undefined : note,
			async onPort(actual, isWithinLine) {
				if (actual !== asked && !own.has(labelOf(actual))) {
					warn(`it listens on port ${actual}, and not on ${asked} as PORT asks for: wrapped there`);
				}
				if (actual !== current) {
					own.add(labelOf(actual));
					current = actual;
					const [moved] = (await ask()).options;
					await tunnel.reload(moved ?? options);
				}
				if (!isSaid) {
					isSaid = true;
					process.stdout.write(isWithinLine && !holds.flags.json ? '\n' : '');
					await present(tunnel, holds.flags);
				}
			},
		});
		const isClosed = await Promise.race([
			tunnel.close(lastAnswers).then(() => true),
			pause(lastAnswers, false, {ref: false}),
		]);
		if (!isClosed) {
			// A signal has begun to close it, for which what runs had longer: nobody answers that any more.
			process.exit(code);
		}
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
		void closing;
	}
}

/** Takes changes of the configuration file, where there is one. */
async function followFile(
	tunnel: Tunnel,
	options: ServeOptions,
	holds: Effective,
	again: (files: Set<string>) => Promise<Effective>,
): Promise<Reloads | undefined> {
	if (holds.file === undefined) {
		return undefined;
	}
	const {followChanges} = await import('../reload.js');
	return followChanges(new Map([[tunnel, options]]), {holds, again}, () => undefined);
}

/** The command of a configuration file, without a shell to read it. */
function wordsOf(command: string | readonly string[] | undefined): readonly string[] {
	if (typeof command !== 'string') {
		return command ?? [];
	}
	if (/["'`$&|;<>()\\*?#~]/.test(command)) {
		throw new UserError(
			'config-invalid',
			`command: a shell would have to read it, got ${JSON.stringify(command)}`,
			{
				hint: 'write it as a list, such as ["npm", "run", "dev"], or put it into a script of package.json',
			},
		);
	}
	return command.split(' ').filter(word => word !== '');
}

function labelOf(port: number): string {
	return `http://localhost:${port}`;
}

async function present(tunnel: Tunnel, flags: Flags): Promise<void> {
	attend(tunnel, flags);
	if (flags.open) {
		const {openBrowser} = await import('../open-browser.js');
		await openBrowser(tunnel.url);
	}
}
