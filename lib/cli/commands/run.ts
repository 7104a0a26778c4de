import {randomBytes} from 'node:crypto';
import {setTimeout as pause} from 'node:timers/promises';
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
import {note, reportError, warn} from '../output.js';
import {routesFrom, serveOptions} from '../serve-options.js';

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
	const command = devCommand(words, process.cwd());
	const endings = hearEndings();
	const port = await freePort();
	const lines = lastLines();
	const own = new Set([labelOf(port)]);
	const optionsFor = async (backend: number): Promise<ServeOptions> => ({
		...(await serveOptions(flags)),
		routes: routesFrom(flags.route ?? [], String(backend)),
		lastWords: label => (own.has(label) ? lines.text() : undefined),
	});
	const tunnel = await serve(await optionsFor(port));
	const place = {port, host: '127.0.0.1', url: tunnel.url, cwd: command.cwd};
	const told = await frameworkArguments(command.words, place);
	const asked = told.port ?? port;
	own.add(labelOf(asked));
	let current = port;
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
			stdout: flags.json ? process.stderr : process.stdout,
			warn,
			note: flags.quiet ? () => undefined : note,
			async onPort(actual, isWithinLine) {
				if (actual !== asked && !own.has(labelOf(actual))) {
					warn(`it listens on port ${actual}, and not on ${asked} as PORT asks for: wrapped there`);
				}
				if (actual !== current) {
					own.add(labelOf(actual));
					await tunnel.reload(await optionsFor(actual));
					current = actual;
				}
				if (!isSaid) {
					isSaid = true;
					process.stdout.write(isWithinLine && !flags.json ? '\n' : '');
					await present(tunnel, flags);
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
		endings.close();
		void closing;
	}
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
