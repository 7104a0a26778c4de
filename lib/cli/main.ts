import {readFileSync} from 'node:fs';
import yargs from 'yargs';
import {UserError} from '../errors.js';
import {demo} from './commands/demo.js';
import {wrap} from './commands/wrap.js';
import {type Flags, flags, fromEnvironment, isTrue, oldFlags, output} from './flags.js';
import {reportError} from './output.js';
import {refuseOddForms, usageError} from './usage.js';

const version = (): string => {
	const file = new URL('../../../package.json', import.meta.url);
	return (JSON.parse(readFileSync(file, 'utf8')) as {version: string}).version;
};

const everyFlag = {...flags, ...oldFlags};

/**
 * Runs the command line.
 *
 * @param args without the program's name
 * @returns the exit code: 0 fine, 1 failed, 2 wrong usage, 128+n ended by signal n
 */
export async function main(args: readonly string[]): Promise<number> {
	let code = 0;
	const parser = yargs([...args]);
	for (const stream of [process.stdout, process.stderr]) {
		stream.on('error', () => {
			// Who read it has gone, as in `sealport 3000 | head -1`: that is no reason to stop serving.
		});
	}
	try {
		refuseOddForms(args, everyFlag);
		if (args[0] === '--get-yargs-completions' && !args.includes('demo')) {
			// The parser completes the default command without asking what it takes.
			parser.options(everyFlag);
		}
		await parser
			.scriptName('sealport')
			.detectLocale(false)
			.updateStrings({'Show help': 'show this', 'Show version number': 'show the version'})
			.parserConfiguration({
				'greedy-arrays': false,
				'dot-notation': false,
			})
			.usage('$0 [backend]   https://localhost:62893 for a plaintext dev server')
			.command(
				'$0 [backend]',
				false,
				command =>
					command
						.positional('backend', {
							type: 'string',
							describe: '3000, host:port, http://host:port[/base] or unix:/path',
						})
						.options(everyFlag)
						.group(['help', 'version'], output)
						.config(fromEnvironment(process.env, everyFlag))
						.example('$0 3000', 'https://localhost:62893 for port 3000')
						.example('$0 3000 --name app.localhost', 'https://app.localhost:62893')
						.example('$0 unix:/run/app.sock -p 8443', 'a Unix socket; another port')
						.epilogue('Every flag can be set as SEALPORT_<FLAG>, such as SEALPORT_PORT=8443.'),
				async given => {
					code = await wrap(given.backend, given as Flags);
				},
			)
			.command(
				'demo',
				'wrap a small built-in backend: something to look at',
				command =>
					command
						.usage('$0 demo   https://localhost:62893 for a small built-in backend')
						.options(flags)
						.group(['help', 'version'], output)
						.config(fromEnvironment(process.env, flags)),
				async given => {
					code = await demo(given as Flags);
				},
			)
			.command(
				'completion',
				'print the completion script for bash, zsh or fish',
				command => command.usage('$0 completion >> ~/.bashrc   (or ~/.zshrc)'),
				() => {
					parser.showCompletionScript();
				},
			)
			.version(version())
			.alias({version: 'v', help: 'h'})
			.strict()
			.wrap(Math.min(100, process.stdout.columns || 100))
			.exitProcess(false)
			.fail((message, error) => {
				throw error instanceof UserError
					? error
					: usageError(message ?? error?.message, args, Object.keys(everyFlag));
			})
			.parseAsync();
		return code;
	} catch (error) {
		return reportError(error, args.includes('--verbose') || isTrue(process.env.SEALPORT_VERBOSE));
	}
}
