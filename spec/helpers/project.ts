import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import type {ExecutionContext, Implementation} from 'ava';
import {openChromium, type Watched} from './chromium.js';
import {type Run, runSealport} from './cli.js';
import {home} from './home.js';
import {pathOf, unless} from './programs.js';
import {run} from './run.js';
import {writeAtOnce} from './write-at-once.js';

/** A project of its own with real packages, which goes away with the spec file. */
export interface Project {
	readonly directory: string;
	/** Declares a test, or says why it cannot run here: without network there are no packages. */
	readonly test: (title: string, implementation: Implementation<[]>) => void;
	/** Replaces a text in a file, as an editor that saves does. */
	edit(file: string, before: string, after: string): void;
	/** Starts a command by `sealport run`, and opens what it serves in Chromium, which trusts it. */
	open(t: ExecutionContext, ...command: readonly string[]): Promise<Opened>;
}

/** What a project shows. */
export interface Opened extends Watched {
	readonly run: Run;
	readonly url: string;
}

/** Milliseconds that a page may take, since many compile it first. */
const patience = 180_000;

/**
 * Makes a project and installs its packages, from npm's cache as far as that has them.
 *
 * @param packages exact versions by name
 * @param files texts by path; package.json gets `packages` as its dependencies
 * @param programs what has to be there besides a browser
 */
export async function makeProject(
	packages: Readonly<Record<string, string>>,
	files: Readonly<Record<string, string>>,
	...programs: readonly string[]
): Promise<Project> {
	const directory = mkdtempSync(join(tmpdir(), 'sealport-project-'));
	process.on('exit', () => rmSync(directory, {recursive: true, force: true, maxRetries: 3}));
	const {'package.json': manifest = '{}', ...others} = files;
	const description = {
		private: true,
		type: 'module',
		...JSON.parse(manifest),
		dependencies: packages,
	};
	write(directory, 'package.json', JSON.stringify(description));
	for (const [file, text] of Object.entries(others)) {
		write(directory, file, text);
	}
	const lacking = ['chromium', 'certutil', ...programs].filter(name => pathOf(name) === undefined);
	const reason =
		lacking.length > 0 ? `${lacking.join(', ')} not installed` : await install(directory, packages);
	return {
		directory,
		test: unless(reason),
		edit(file, before, after) {
			const text = readFileSync(join(directory, file), 'utf8');
			if (!text.includes(before)) {
				throw new Error(`${file} has no ${before}`);
			}
			write(directory, file, text.replace(before, after));
		},
		async open(t, ...command) {
			const args = [
				'run',
				'--port',
				'0',
				'--json',
				'--certs',
				join(home, 'certs'),
				'--',
				...command,
			];
			const quiet = {NEXT_TELEMETRY_DISABLED: '1', ASTRO_TELEMETRY_DISABLED: '1'};
			const sealport = runSealport(t, directory, args, quiet);
			const {url, ca} = await sealport.listening();
			const watched = await openChromium(t, ca ?? undefined);
			watched.page.setDefaultTimeout(patience);
			const response = await watched.page.goto(url);
			t.is(response?.status(), 200);
			t.true(await watched.page.evaluate('isSecureContext'));
			return {...watched, run: sealport, url};
		},
	};
}

function write(directory: string, file: string, text: string): void {
	const path = join(directory, file);
	mkdirSync(dirname(path), {recursive: true});
	writeAtOnce(path, text);
}

/** Why the packages are not there; `false` when they are. */
async function install(
	directory: string,
	packages: Readonly<Record<string, string>>,
): Promise<string | false> {
	if (Object.keys(packages).length === 0) {
		return false;
	}
	const flags = [
		'--no-audit',
		'--no-fund',
		'--prefer-offline',
		'--ignore-scripts',
		'--loglevel=error',
	];
	const {code, stderr} = await run('npm', ['--prefix', directory, 'install', ...flags], {
		env: {INIT_CWD: directory, npm_config_local_prefix: directory},
	});
	const isThere = Object.keys(packages).every(name =>
		existsSync(join(directory, 'node_modules', name)),
	);
	const [line = ''] = stderr.split('\n').filter(text => text.includes('ERR!'));
	return code === 0 && isThere ? false : `cannot install its packages: ${line}`;
}
