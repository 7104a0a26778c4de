import {execFileSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

/** Has a package.json of its own, with the peers that come from npm. */
const folder = fileURLToPath(new URL('../../../bench/installed', import.meta.url));

/** An installed package. */
export interface Package {
	readonly version: string;
	readonly folder: string;
}

let tried = false;

/** Installs the peers that come from npm, once a run; without a network they stay away. */
const install = (): void => {
	tried = true;
	try {
		execFileSync(
			'npm',
			['ci', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
			{stdio: ['ignore', 'ignore', 'inherit']},
		);
	} catch {
		// What is not there afterwards is left out, and the table says so.
	}
};

/** A peer from npm, installed if it has to be; or nothing. */
export function npmPackage(name: string): Package | undefined {
	const home = join(folder, 'node_modules', name);
	if (!existsSync(home) && !tried) {
		install();
	}
	if (!existsSync(home)) {
		return undefined;
	}
	const {version} = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as {
		version: string;
	};
	return {version, folder: home};
}
