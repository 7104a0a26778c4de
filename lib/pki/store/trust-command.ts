import {shellWord} from '../../shell-word.js';
import {defaultDirectory} from './directory.js';

/**
 * The command line that makes this machine trust the authority of a store.
 *
 * @param directory absolute
 * @param flags further flags
 */
export function trustCommand(directory: string, ...flags: readonly string[]): string {
	const certs = directory === defaultDirectory() ? [] : ['--certs', shellWord(directory)];
	return ['sealport', 'trust', ...flags, ...certs].join(' ');
}
