import {basename, dirname} from 'node:path';
import {shellWord} from '../shell-word.js';

/** Where sudo looks for programs, whatever the person's own search path is. */
const known = new Set([
	'/bin',
	'/sbin',
	'/usr/bin',
	'/usr/sbin',
	'/usr/local/bin',
	'/usr/local/sbin',
]);

/**
 * The command line that does the same as root: with whole paths, for sudo does not know the directories
 * in which version managers of Node.js put programs.
 *
 * @param args without the program's name
 */
export function asRoot(
	args: readonly string[],
	[node = 'node', script = 'sealport']: readonly string[] = process.argv,
): string {
	const isKnown = basename(script) === 'sealport' && known.has(dirname(script));
	const program = isKnown && known.has(dirname(node)) ? ['sealport'] : [node, script];
	return ['sudo', ...program, ...args].map(shellWord).join(' ');
}
