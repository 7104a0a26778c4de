import {randomBytes} from 'node:crypto';
import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {type Run, runSealport} from './cli.js';
import type {Endpoint} from './endpoint.js';
import {home} from './home.js';
import {temporaryDirectory} from './temporary-directory.js';
import {until} from './until.js';

/** A running `sealport run`, and a mark by which all that it has started can be told. */
export interface ServerRun {
	readonly run: Run;
	/** Where the command runs. */
	readonly directory: string;
	/** Resolves when the URL has been said. */
	serving(): Promise<Endpoint & {readonly url: string; readonly ca: string}>;
	/** What lives of it, Sealport included: a line for each process. */
	left(): string[];
	/** Fails unless nothing is left, not even a while later. */
	nothingLeft(): Promise<void>;
}

const mark = 'SPEC_MARK';

/**
 * Runs `sealport run` with a script as the dev server, in a directory of its own. Linux only.
 *
 * @param script a module of Node.js
 * @param flags of Sealport
 */
export function runServer(
	t: ExecutionContext,
	script: string,
	flags: readonly string[] = [],
	env: NodeJS.ProcessEnv = {},
): ServerRun {
	return runCommand(t, ['node', 'server.mjs'], flags, {'server.mjs': script}, env);
}

/**
 * Runs `sealport run` with any command.
 *
 * @param files of its directory, by name
 */
export function runCommand(
	t: ExecutionContext,
	command: readonly string[],
	flags: readonly string[] = [],
	files: Readonly<Record<string, string>> = {},
	env: NodeJS.ProcessEnv = {},
): ServerRun {
	const directory = temporaryDirectory(t);
	for (const [name, text] of Object.entries(files)) {
		writeFileSync(join(directory, name), text);
	}
	const token = randomBytes(12).toString('hex');
	const args = ['run', '--port', '0', '--certs', join(home, 'certs'), ...flags, ...command];
	const run = runSealport(t, directory, args, {...env, [mark]: token});
	t.teardown(() => {
		for (const {pid} of markedBy(token)) {
			process.kill(pid, 'SIGKILL');
		}
	});
	const left = () => markedBy(token).map(({pid, line}) => `${pid} ${line}`);
	return {
		run,
		directory,
		left,
		async serving() {
			await run.says(/^(https:\S+|\{"event".*)\n/m);
			const [, text = ''] = /^(https:\S+)\n/m.exec(run.stdout) ?? [];
			const url = text === '' ? JSON.parse(run.stdout.split('\n')[0] ?? '').url : text;
			const ca = readFileSync(join(home, 'certs', 'ca.pem'), 'utf8');
			return {url, port: Number(new URL(url).port), ca};
		},
		async nothingLeft() {
			await run.ended;
			t.deepEqual(left(), []);
		},
	};
}

/** The processes that have the token in their environment, zombies aside. */
function markedBy(token: string): Array<{readonly pid: number; readonly line: string}> {
	return readdirSync('/proc')
		.filter(name => /^\d+$/.test(name))
		.flatMap(name => {
			const folder = `/proc/${name}`;
			const isOurs = Number(name) !== process.pid && text(`${folder}/environ`).includes(token);
			return isOurs
				? [{pid: Number(name), line: text(`${folder}/cmdline`).replaceAll('\0', ' ')}]
				: [];
		});
}

function text(file: string): string {
	try {
		return readFileSync(file, 'latin1');
	} catch {
		return '';
	}
}

/** The text of a file that a dev server writes sooner or later. */
export async function written(directory: string, name: string): Promise<string> {
	const file = join(directory, name);
	await until(`${name} is there`, () => existsSync(file) && readFileSync(file, 'utf8') !== '');
	return readFileSync(file, 'utf8');
}

/** A dev server that says which request it has got. */
export const plainServer = `
import http from 'node:http';
http.createServer((request, response) => response.end('got ' + request.url))
	.listen(process.env.PORT, process.env.HOST);
`;
