import {readFileSync} from 'node:fs';
import {basename, extname} from 'node:path';
import {reasonOf, UserError} from '../errors.js';
import {readJson} from './load-json.js';

const code = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs'];

/**
 * Loads what a configuration file says.
 *
 * @param shown what the file is called
 * @param files is given those that it was loaded from, also when that fails
 * @throws UserError `config-unreadable` or `config-invalid`
 */
export async function loadConfig(
	path: string,
	shown: string,
	files: Set<string>,
): Promise<unknown> {
	files.add(path);
	const text = readText(path, shown);
	if (code.includes(extname(path))) {
		const [{loadCode}, own] = await Promise.all([import('./load-code.js'), import('../index.js')]);
		const exported = await loadCode(path, shown, {...own}, files);
		if (exported === undefined) {
			throw new UserError('config-invalid', `config: ${shown} has no default export`, {
				hint: 'write export default {routes: {"/": 3000}}, or export default defineConfig(...)',
			});
		}
		return exported;
	}
	const content = readJson(text, shown);
	if (basename(path) !== 'package.json') {
		return content;
	}
	const own = typeof content === 'object' && content !== null && 'sealport' in content;
	if (!own) {
		throw new UserError('config-invalid', `config: ${shown} has no field "sealport"`, {
			hint: 'such as "sealport": {"routes": {"/": 3000}}',
		});
	}
	return content.sealport;
}

function readText(path: string, shown: string): string {
	try {
		return readFileSync(path, 'utf8');
	} catch (error) {
		throw new UserError('config-unreadable', `config: cannot read ${shown}: ${reasonOf(error)}`, {
			hint: 'check the path and its permissions',
			cause: error,
		});
	}
}
