import {wrap} from './commands/wrap.js';
import {isTrue, namingVariable, wrapFlags} from './flags.js';
import {reportError} from './output.js';
import {readPlain} from './plain-line.js';

/**
 * Runs the command line.
 *
 * @param args without the program's name
 * @returns the exit code: 0 fine, 1 failed, 2 wrong usage, 128+n ended by signal n
 */
export async function main(args: readonly string[]): Promise<number> {
	for (const stream of [process.stdout, process.stderr]) {
		stream.on('error', () => {
			// Who read it has gone, as in `sealport 3000 | head -1`: that is no reason to stop serving.
		});
	}
	if (args[0] === 'completion' && args[1] !== undefined && process.env.SEALPORT_COMPLETE) {
		// Somebody waits for Tab, and to load the parser takes longer than the answer.
		const {completion} = await import('./commands/completion.js');
		return completion(args[1]).catch(error => reportError(error, false));
	}
	try {
		const plain = readPlain(args);
		if (plain !== undefined) {
			return await wrap(plain.backend, plain.flags);
		}
	} catch (error) {
		return reportError(
			namingVariable(error, args, wrapFlags),
			args.includes('--verbose') || isTrue(process.env.SEALPORT_VERBOSE),
		);
	}
	const {parse} = await import('./parse.js');
	return parse(args);
}
