import {resolve} from 'node:path';
import {UserError} from '../../errors.js';
import {defaultDirectory} from '../../pki/store/directory.js';
import {trustVariables} from '../../pki/trust/environment.js';
import {CommandError} from '../../run/command-error.js';
import {runCommand} from '../../run/run-command.js';
import {reportError, warn} from '../output.js';
import {assignment, likelyShell, type Shell, shells} from '../shells.js';

/** What the flags of `sealport env` come to. */
export interface EnvFlags {
	readonly certs?: string | undefined;
	readonly shell?: string | undefined;
	readonly json?: boolean | undefined;
	readonly verbose?: boolean | undefined;
}

/**
 * `sealport env`: prints the variables that make programs trust the authority, or runs a command under
 * them. Nothing but the variables goes to standard output, since a shell obeys it.
 *
 * @param command what to run; prints when left out
 * @returns the exit code, which is the command's own where there is one
 * @throws UserError `usage`, `option-invalid` or `store-unusable`
 */
export async function env(
	{certs, shell, json, verbose}: EnvFlags,
	command: readonly string[] | undefined,
): Promise<number> {
	const chosen = parseShell(shell);
	if (command?.length === 0) {
		throw new UserError('usage', 'no command behind --', {
			hint: 'name it, such as sealport env -- npm test',
		});
	}
	const directory = resolve(certs ?? defaultDirectory());
	const {variables, warnings} = await trustVariables(directory, process.env);
	for (const warning of warnings) {
		warn(warning);
	}
	if (command !== undefined) {
		try {
			return await runCommand(command, {...process.env, ...variables});
		} catch (error) {
			if (error instanceof CommandError) {
				reportError(error, verbose ?? false);
				return error.exitCode;
			}
			throw error;
		}
	}
	const lines = json
		? [JSON.stringify(variables)]
		: Object.entries(variables).map(([name, value]) => assignment(chosen, name, value));
	process.stdout.write(`${lines.join('\n')}\n`);
	return 0;
}

function parseShell(text: string | undefined): Shell {
	const found = shells.find(shell => shell === text);
	if (text !== undefined && found === undefined) {
		throw new UserError(
			'option-invalid',
			`shell: expected ${shells.join(', ')}, got ${JSON.stringify(text)}`,
			{hint: 'bash, zsh and the like are sh'},
		);
	}
	return found ?? likelyShell();
}
