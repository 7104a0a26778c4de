import {randomBytes} from 'node:crypto';
import {setTimeout as pause} from 'node:timers/promises';
import {type ServeOptions, serve, type Tunnel} from '../../index.js';
import {CommandError} from '../../run/command-error.js';
import {devCommand} from '../../run/dev-command.js';
import {hearEndings} from '../../run/endings.js';
import {freePort} from '../../run/free-port.js';
import {lastLines} from '../../run/last-lines.js';
import {runServer} from '../../run/run-server.js';
import {attend} from '../attend.js';
import {effective} from '../effective.js';
import type {Flags} from '../flags.js';
import {note, reportError, warn} from '../output.js';

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
export async function run(given: RunFlags, words: readonly string[]): Promise<number> {
	const port = await freePort();
	const holdsFor = (backend: number) => effective({backend: String(backend), flags: given});
	const holds = await holdsFor(port);
	const flags: RunFlags = {...given, ...holds.flags};
	const configured = [holds.command ?? []]
		.flat()
		.flatMap((word, _, all) => (all.length > 1 ? word : word.split(/\s+/)));
	const command = devCommand(words.length > 0 ? words : configured, process.cwd());
	const endings = hearEndings();
	const lines = lastLines();
	const own = new Set([labelOf(port)]);
	const optionsFor = async (backend: number): Promise<ServeOptions> => ({
		...((await holdsFor(backend)).options[0] ?? {routes: backend}),
		lastWords: label => (own.has(label) ? lines.text() : undefined),
	});
	const tunnel = await serve(await optionsFor(port));
	let current = port;
	let isSaid = false;
	const closing = endings.first.then(() => tunnel.close());
	try {
		const code = await runServer({
			command,
			port,
			tunnel,
			endings,
			marker: randomBytes(16).toString('hex'),
			restart: flags.restart ?? false,
			keep: lines.add,
			stdout: flags.json ? process.stderr : process.stdout,
			warn,
			note: flags.quiet ? () => undefined : note,
			async onPort(actual, isWithinLine) {
				if (actual !== port && !own.has(labelOf(actual))) {
					warn(`it listens on port ${actual}, and not on ${port} as PORT asks for: wrapped there`);
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
		await Promise.race([tunnel.close(lastAnswers), pause(lastAnswers)]);
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
