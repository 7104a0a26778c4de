import {existsSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {UserError} from '../errors.js';

/** What runs the `dev` script of a project, and where. */
export interface DevScript {
	readonly words: readonly string[];
	readonly cwd: string;
	/** What the script says. */
	readonly script: string;
}

/** The lock files of package managers, the less common ones first: a stray package-lock.json is not rare. */
const locks: ReadonlyArray<readonly [file: string, manager: string]> = [
	['bun.lock', 'bun'],
	['bun.lockb', 'bun'],
	['pnpm-lock.yaml', 'pnpm'],
	['yarn.lock', 'yarn'],
	['package-lock.json', 'npm'],
	['npm-shrinkwrap.json', 'npm'],
];

/**
 * Finds the `dev` script of the project that a directory belongs to: that of the next package.json upward
 * that has one. What runs it is the package manager that `packageManager` names, there or further up, or
 * whose lock file lies there; npm, when nothing says otherwise.
 *
 * @throws UserError `usage` when there is none
 */
export function devScript(from: string): DevScript {
	const directories = upward(from);
	let nearest: string | undefined;
	for (const [index, cwd] of directories.entries()) {
		const file = join(cwd, 'package.json');
		const {scripts} = manifest(file) ?? {};
		nearest ??= scripts === undefined ? undefined : file;
		const script = textOf(scripts, 'dev');
		if (script !== undefined) {
			const manager = managerOf(directories.slice(index));
			return {words: [manager, 'run', 'dev'], cwd, script};
		}
	}
	throw new UserError(
		'usage',
		nearest === undefined
			? `no command given, and no package.json in ${from} or above`
			: `no command given, and ${nearest} has no script "dev"`,
		{hint: 'name what starts your dev server, such as sealport run vite'},
	);
}

function managerOf(directories: readonly string[]): string {
	for (const directory of directories) {
		const named = textOf(manifest(join(directory, 'package.json')), 'packageManager');
		const name = /^(npm|pnpm|yarn|bun)@/.exec(named ?? '')?.[1];
		const lock = locks.find(([file]) => existsSync(join(directory, file)));
		const found = name ?? lock?.[1];
		if (found !== undefined) {
			return found;
		}
	}
	return 'npm';
}

function upward(from: string): string[] {
	const parent = dirname(from);
	return parent === from ? [from] : [from, ...upward(parent)];
}

type Manifest = {readonly [key: string]: unknown; readonly scripts?: object};

function manifest(file: string): Manifest | undefined {
	let text: string;
	try {
		text = readFileSync(file, 'utf8');
	} catch {
		return undefined;
	}
	try {
		const parsed: unknown = JSON.parse(text.replace(/^\ufeff/, ''));
		return typeof parsed === 'object' && parsed !== null ? {scripts: {}, ...parsed} : undefined;
	} catch (error) {
		const why = error instanceof Error ? error.message : String(error);
		throw new UserError('config-invalid', `cannot read ${file}: ${why}`, {
			hint: 'mend its JSON',
			cause: error,
		});
	}
}

function textOf(value: unknown, key: string): string | undefined {
	const found =
		typeof value === 'object' && value !== null
			? (Object.entries(value).find(([name]) => name === key)?.[1] as unknown)
			: undefined;
	return typeof found === 'string' ? found : undefined;
}
