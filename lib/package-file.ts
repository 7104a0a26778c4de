import {join} from 'node:path';

/**
 * Where a file of this package lies.
 *
 * @param path from the top of the package: 'package.json'
 */
export function packageFile(path: string): string {
	// The command line's own copy lies in dist/bin (CONTRIBUTING.md), which is as deep as dist/lib.
	return join(import.meta.dirname, '..', '..', path);
}
