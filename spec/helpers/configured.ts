import {existsSync, mkdirSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {type Run, runSealport} from './cli.js';
import type {Owner} from './owner.js';
import {temporaryDirectory} from './temporary-directory.js';

/** Files of a project by their names; what is not text is written as JSON. */
export type Files = Readonly<Record<string, unknown>>;

/** A directory of a test's own with these files, which is the root of a repository. */
export function project(t: Owner, files: Files): string {
	const directory = temporaryDirectory(t);
	mkdirSync(join(directory, '.git'));
	for (const [name, content] of Object.entries(files)) {
		write(join(directory, name), content);
	}
	return directory;
}

/** Writes a file; what is not text becomes JSON. */
export function write(path: string, content: unknown): void {
	mkdirSync(dirname(path), {recursive: true});
	writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
}

/** Runs `sealport` in a project that is its home as well. */
export function runIn(
	t: Owner,
	directory: string,
	args: readonly string[],
	env: NodeJS.ProcessEnv = {},
): Run {
	return runSealport(t, directory, args, env);
}

/** What a program exits with that `withoutPorts` ends. */
export const boundPort = 99;

/** Variables that end a program of Node.js as soon as it binds a port. */
export function withoutPorts(t: Owner): NodeJS.ProcessEnv {
	const file = join(temporaryDirectory(t), 'without-ports.cjs');
	const listen = `require('node:net').Server.prototype.listen = () => process.exit(${boundPort});`;
	writeFileSync(file, listen);
	return {NODE_OPTIONS: `--require ${JSON.stringify(file)}`};
}

/** Whether anything was begun: before a port is bound, the certificate store is made. */
export function hasBegun(directory: string): boolean {
	return existsSync(join(directory, '.local')) || existsSync(join(directory, 'sealport'));
}
