import {readFileSync} from 'node:fs';
import yargs from 'yargs';
import {UserError} from '../errors.js';
import {demo} from './commands/demo.js';
import {wrap} from './commands/wrap.js';
import {type Flags, flags, fromEnvironment, oldFlags} from './flags.js';
import {reportError} from './output.js';

const version = (): string => {
	const file = new URL('../../../package.json', import.meta.url);
	return (JSON.parse(readFileSync(file, 'utf8')) as {version: string}).version;
};

/**
 * Runs the command line.
 *
 * @param args without the program's name
 * @returns the exit code: 0 fine, 1 failed, 2 wrong usage, 128+n ended by signal n
 */
export async function main(args: readonly string[]): Promise<number> {
	let code = 0;
	try {
		const parser = yargs([...args])
			.scriptName('sealport')
			.parserConfiguration({'duplicate-arguments-array': false, 'greedy-arrays': false})
			.config(fromEnvironment(process.env))
			.command(
				'$0 [backend]',
				'wrap a plaintext backend in HTTPS',
				command =>
					command
						.positional('backend', {
							type: 'string',
							describe: '3000, host:port, http://host:port[/base] or unix:/path/to.sock',
						})
						.options(flags)
						.options(oldFlags),
				async given => {
					code = await wrap(given.backend, given as Flags);
				},
			)
			.command(
				'demo',
				'wrap a small built-in backend',
				command => command.options(flags),
				async given => {
					code = await demo(given as Flags);
				},
			)
			.completion('completion', 'print the completion script for bash or zsh')
			.example('sealport 3000', 'https://localhost:62893 for the dev server on port 3000')
			.example('sealport 3000 --name app.localhost', 'the same as https://app.localhost:62893')
			.example('sealport unix:/run/app.sock -p 8443', 'a Unix socket, on another port')
			.example('sealport demo', 'something to look at')
			.epilogue('Every flag can also be set as SEALPORT_<FLAG>, such as SEALPORT_PORT=8443.')
			.version(version())
			.alias({version: 'v', help: 'h'})
			.strict()
			.wrap(Math.min(100, process.stdout.columns || 100))
			.exitProcess(false)
			.fail((message, error) => {
				throw error instanceof UserError ? error : usageError(message ?? error?.message);
			});
		await parser.parseAsync();
		return code;
	} catch (error) {
		return reportError(error, args.includes('--verbose'));
	}
}

function usageError(message: string): UserError {
	const text = message.split('\n')[0] ?? '';
	return new UserError('usage', `${text.charAt(0).toLowerCase()}${text.slice(1)}`, {
		hint: 'see sealport --help',
	});
}
