import {readFileSync} from 'node:fs';
import yargs, {type Argv} from 'yargs';
import {UserError} from '../errors.js';
import {packageFile} from '../package-file.js';
import {type Command, nameOf} from './command.js';
import {wrap} from './commands/wrap.js';
import {commands} from './commands.js';
import {firstWord, ownEnd} from './find-command.js';
import {
	type Flags,
	fromEnvironment,
	isOptional,
	isTrue,
	namingVariable,
	output,
	wrapFlags,
} from './flags.js';
import {reportError, result} from './output.js';
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
	const words = [...withEmptyValues(args.slice(0, end)), ...behind];
	// The name in front: the parser looks for it before it knows which flags take a value.
	const own =
		chosen === undefined ? words : [nameOf(chosen), ...words.slice(0, at), ...words.slice(at + 1)];
	const forHelp = own.some(word => word === '--help' || word === '-h');
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
			.usage(
				'$0 [backend]   https://localhost:62893 for a plaintext dev server\n\n' +
					'A backend is 3000, host:port, http://host[:port][/base], h2c://..., unix:/path.',
			)
			.command(
				'$0 [backend]',
				false,
				command =>
					(forHelp
						? withFlags(command, wrapFlags, true)
						: withFlags(command, wrapFlags, false).positional('backend', {type: 'string'})
					)
						.example('$0 3000', 'https://localhost:62893 for port 3000')
						.example('$0 3000 --route /api=4000', 'what begins with /api from port 4000')
						.epilogue(
							'Every flag can be set as SEALPORT_<FLAG>, such as SEALPORT_PORT=8443. Those of\n' +
								'local-ssl-proxy work, too: -s --source, -t --target, -n --hostname, -c, -k, -o.',
						),
				async given => {
					code = await wrap(given.backend as string | undefined, given as Flags);
				},
			);
		for (const command of commands) {
			parser.command(
				command.usage,
				command.summary,
				builder => describeCommand(builder, command, forHelp),
				async given => {
					code = await command.run(given, rest);
				},
			);
		}
		await parser
			.version(version())
			.alias({version: 'v', help: 'h'})
			.strict()
			.wrap(Math.min(80, process.stdout.columns || 80))
			.exitProcess(false)
			.fail((message, error) => {
				throw error instanceof UserError
					? error
					: usageError(message ?? error?.message, own, name, known);
			})
			.parseAsync(own, {}, (_error, _given, text) => {
				if (text !== '') {
					result(text.replace(untold, ''));
				}
			});
		return code;
	} catch (error) {
		return reportError(
			namingVariable(error, own, known),
			own.includes('--verbose') || isTrue(process.env.SEALPORT_VERBOSE),
		);
	}
}

/** A flag whose value may be left out is not to take what follows it for one. */
function withEmptyValues(words: readonly string[]): string[] {
	return words.map(word =>
		word.startsWith('--') && isOptional(word.slice(2)) ? `${word}=` : word,
	);
}

/** The parser's word on what takes no value. */
const untold = /\s*\[(?:boolean|array)\](?: \[default: \[\]\])?$/gm;

/**
 * What `--help` shows of a flag. Its type, which the parser would put behind each, is said by its words: with
 * it, few of them fit into a line.
 */
function shown(known: Command['flags']): Command['flags'] {
	const entries = Object.entries(known);
	return Object.fromEntries(entries.map(([name, {type: _, array: __, ...rest}]) => [name, rest]));
}

function withFlags(parser: Argv, known: Command['flags'], forHelp: boolean): Argv {
	return parser
		.options(forHelp ? shown(known) : known)
		.showHidden('all', 'with --help: every flag')
		.group(['help', 'all', 'version'], output)
		.config(fromEnvironment(process.env, known));
}

function describeCommand(parser: Argv, command: Command, forHelp: boolean): Argv {
	withFlags(parser.usage(`$0 ${command.title ?? command.usage}`), command.flags, forHelp);
	for (const [name, {describe, otherwise}] of Object.entries(command.positionals ?? {})) {
		const text = otherwise === undefined ? describe : `${describe} [${otherwise}]`;
		parser.positional(name, {...(forHelp ? {} : {type: 'string'}), describe: text});
	}
	for (const [line, meaning] of command.examples ?? []) {
		parser.example(line, meaning);
	}
	return parser;
}
