import {mkdirSync, symlinkSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {stripVTControlCharacters} from 'node:util';
import type {ExecutionContext} from 'ava';
import {type Run, spawnProgram} from './cli.js';
import {home} from './home.js';
import {until} from './until.js';
import {writeAtOnce} from './write-at-once.js';

const checkout = fileURLToPath(new URL('../../../', import.meta.url));

/** Makes the package of this checkout one of a project's. */
export function linkSealport(directory: string): void {
	mkdirSync(join(directory, 'node_modules'), {recursive: true});
	symlinkSync(checkout, join(directory, 'node_modules', 'sealport'), 'junction');
}

/** Where the plugin's certificates lie. */
export const pluginCerts = join(home, 'certs');

/** Writes a configuration of Vite with the plugin. */
export function configure(directory: string, options: object = {}, rest: object = {}): void {
	const all = JSON.stringify({certs: pluginCerts, port: 0, ...options});
	const others = JSON.stringify(rest).slice(1, -1);
	writeAtOnce(
		join(directory, 'vite.config.js'),
		`import sealport from 'sealport/vite';
export default {plugins: [sealport(${all})], ${others}};
`,
	);
}

/** A process of Vite. */
export interface ViteRun extends Run {
	/** What it has said, without colours. */
	said(): string;
	/** Resolves with the URLs that it has printed last, once there is one of HTTPS. */
	urls(): Promise<string[]>;
}

/** Runs Vite in a project, on a free port where it serves. */
export function runVite(
	t: ExecutionContext,
	directory: string,
	vite: string,
	...args: readonly string[]
): ViteRun {
	const program = join(dirname(vite), 'bin', 'vite.js');
	const run = spawnProgram(t, directory, process.execPath, [program, ...args]);
	const said = () => stripVTControlCharacters(`${run.stdout}\n${run.stderr}`);
	const printed = () => [...said().matchAll(/➜ {2}Local: {3}(\S+)/g)].map(([, url = '']) => url);
	return {
		child: run.child,
		ended: run.ended,
		says: run.says,
		listening: run.listening,
		get stdout() {
			return run.stdout;
		},
		get stderr() {
			return run.stderr;
		},
		said,
		async urls() {
			await until(`Vite has printed its URLs: ${said()}`, () => printed().length > 0);
			return printed();
		},
	};
}
