import {UserError} from '../../errors.js';
import {completionShells, likelyShell} from '../completion/shells.js';

/**
 * `sealport completion [shell]`: prints the script that makes Tab complete, or answers it.
 *
 * @param name the shell; by default the one that the person most likely uses
 * @param line what a script asks about
 * @returns the exit code
 * @throws UserError `option-invalid`
 */
export async function completion(
	name: string | undefined,
	line = process.env.SEALPORT_COMPLETE,
): Promise<number> {
	const shell = name === undefined ? likelyShell() : completionShells.find(each => each === name);
	if (shell === undefined) {
		throw new UserError(
			'option-invalid',
			`shell: expected ${completionShells.join(', ')}, got ${JSON.stringify(name)}`,
			{hint: 'leave it out for the one that $SHELL names; see sealport completion --help'},
		);
	}
	if (line === undefined || line === '') {
		const {scripts} = await import('../completion/scripts.js');
		process.stdout.write(scripts[shell]);
	} else {
		const {answer} = await import('../completion/answer.js');
		process.stdout.write(await answer(shell, line));
	}
	return 0;
}
