import {readFileSync} from 'node:fs';
import yargs, {type Argv} from 'yargs';
import {UserError} from '../errors.js';
import {packageFile} from '../package-file.js';
import {type Command, nameOf} from './command.js';
import {wrap} from './commands/wrap.js';
import {commands} from './commands.js';
import {firstWord, ownEnd} from './find-command.js';
import {type Flags, fromEnvironment, isTrue, namingVariable, output, wrapFlags} from './flags.js';
import {reportError} from './output.js';
import {refuseFlags, refuseOddForms, usageError} from './usage.js';

const version = (): string =>
	(JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as {version: string}).version;

const everyFlag: Command['flags'] = Object.assign(
	{},
	wrapFlags,
	...commands.map(({flags}) => flags),
);

/**
 * Reads a command line of any kind, and runs it.
 *
 * @param args without the program's name
 * @returns the exit code: 0 fine, 1 failed, 2 wrong usage, 128+n ended by signal n
 */
export async function parse(args: readonly string[]): Promise<number> {
	let code = 0;
	const at = firstWord(args, everyFlag);
	const chosen = commands.find(command => at >= 0 && nameOf(command) === args[at]);
	const known: Command['flags'] = chosen?.flags ?? wrapFlags;
	const name = chosen && nameOf(chosen);
	const isBare = chosen?.takesCommand === 'bare';
	const end = isBare ? ownEnd(args, at + 1, known) : ownEnd(args, args.length, known);
	const behind = args.slice(args[end] === '--' ? end + 1 : end);
	const rest = chosen?.takesCommand && end < args.length ? behind.splice(0) : undefined;
	// Without the dashes, behind which the parser looks for nothing.
	const words = [...args.slice(0, end), ...behind];
	// The name in front: the parser looks for it before it knows which flags take a value.
	const own =
		chosen === undefined ? words : [nameOf(chosen), ...words.slice(0, at), ...words.slice(at + 1)];
	const parser = yargs([...own]);
	try {
		refuseFlags(behind, name);
		refuseOddForms(own, name, known);
		parser
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
					withFlags(command, wrapFlags)
						.positional('backend', {
							type: 'string',
							describe: '3000, host:port, http://host:port[/base], h2c://host:port or unix:/path',
						})
						.example('$0 3000', 'https://localhost:62893 for port 3000')
						.example('$0 3000 --name app.localhost', 'https://app.localhost:62893')
						.example('$0 unix:/run/app.sock -p 8443', 'a Unix socket; another port')
						.epilogue(
							'Every flag can be set as SEALPORT_<FLAG>, such as SEALPORT_PORT=8443. Those of local-ssl-proxy\nwork, too: -s, --source; -t, --target; -n, --hostname; -c; -k; and -o with its file.',
						),
				async given => {
					code = await wrap(given.backend as string | undefined, given as Flags);
				},
			);
		for (const command of commands) {
			parser.command(
				command.usage,
				command.summary,
				builder => describeCommand(builder, command),
				async given => {
					code = await command.run(given, rest);
				},
			);
		}
		await parser
			.version(version())
			.alias({version: 'v', help: 'h'})
			.strict()
			.wrap(Math.min(100, process.stdout.columns || 100))
			.exitProcess(false)
			.fail((message, error) => {
				throw error instanceof UserError
					? error
					: usageError(message ?? error?.message, own, name, known);
			})
			.parseAsync();
		return code;
	} catch (error) {
		return reportError(
			namingVariable(error, own, known),
			own.includes('--verbose') || isTrue(process.env.SEALPORT_VERBOSE),
		);
	}
}

function withFlags(parser: Argv, known: Command['flags']): Argv {
	return parser
		.options(known)
		.group(['help', 'version'], output)
		.config(fromEnvironment(process.env, known));
}

function describeCommand(parser: Argv, command: Command): Argv {
	withFlags(parser.usage(`$0 ${command.title ?? command.usage}`), command.flags);
	for (const [name, {describe, otherwise}] of Object.entries(command.positionals ?? {})) {
		parser.positional(name, {type: 'string', describe, defaultDescription: otherwise});
	}
	for (const [line, meaning] of command.examples ?? []) {
		parser.example(line, meaning);
	}
	return parser;
}
