import {createHash} from 'node:crypto';
import {lstatSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

/** Every path below a directory with its mode, and for a file a hash of its content. */
export function contentOf(directory: string): Readonly<Record<string, string>> {
	const paths = readdirSync(directory, {recursive: true, encoding: 'utf8'}).sort();
	return Object.fromEntries(
		paths.map(path => {
			const found = lstatSync(join(directory, path));
			const hash = found.isFile()
				? createHash('sha256')
						.update(readFileSync(join(directory, path)))
						.digest('hex')
				: 'no file';
			return [path, `${(found.mode & 0o7777).toString(8)} ${hash}`];
		}),
	);
}
