import {spawn} from 'node:child_process';
import {readFileSync, renameSync} from 'node:fs';
import {join} from 'node:path';
import {text} from 'node:stream/consumers';
import type {ExecutionContext} from 'ava';
import type {Run} from './cli.js';
import {project, runIn, write} from './configured.js';
import {fetchHttp1} from './fetch.js';
import {openLongLived} from './long-lived.js';
import {startNamed} from './named-backend.js';
import {run} from './run.js';
import {until} from './until.js';

/** A fifth of the hundred that are promised, so that it is over soon; SEALPORT_SPEC_FULL asks for all. */
export const reloads = process.env.SEALPORT_SPEC_FULL === undefined ? 20 : 100;

/** Has the command line take what its configuration file is to say. */
export type Change = (running: Run, file: string, content: unknown, turn: number) => void;

/** Load that goes on until it is over. */
interface Load {
	/** Ends it, and resolves with the number of requests, none of which has failed. */
	over(): Promise<number>;
}

/**
 * Changes the configuration of the real command line again and again while wrk and h2load ask it: two backends take
 * turns at `/`, and a route comes and goes. Fails when a request does, or when an event stream and a WebSocket from
 * before the first reload are not served by the backend that they began with.
 *
 * @param args of the command line, beside the port
 */
export async function reloadUnderLoad(
	t: ExecutionContext,
	args: readonly string[],
	change: Change,
): Promise<void> {
	t.timeout(400_000);
	const [first, second, third, api] = await Promise.all([
		startNamed(t, 'first'),
		startNamed(t, 'second'),
		startNamed(t, 'third'),
		startNamed(t, 'api'),
	]);
	const directory = project(t, {'sealport.config.json': {routes: {'/': first.route}}});
	const file = join(directory, 'sealport.config.json');
	const running = runIn(t, directory, ['--port', '0', ...args]);
	await running.says(/^ +ca +\S+$/m);
	const url = running.stdout.trim();
	const ca = readFileSync(/^ +ca +(\S+)$/m.exec(running.stderr)?.[1] ?? '', 'utf8');
	const endpoint = {port: Number(new URL(url).port), ca};
	const lived = await openLongLived(t, endpoint);
	const told = () => running.stderr.match(/^.*configuration reloaded: .*$/gm)?.length ?? 0;

	const loads = [startWrk(t, url), startH2load(t, url)];
	for (let turn = 0; turn < reloads; turn++) {
		const before = told();
		const atRoot = turn % 2 === 0 ? second : third;
		const more = turn % 3 === 0 ? {'/api': api.route} : {};
		change(running, file, {routes: {'/': atRoot.route, ...more}}, turn);
		await until(`reload ${turn + 1}: ${running.stderr}`, () => told() > before);
		const name = turn % 2 === 0 ? 'second' : 'third';
		t.is((await fetchHttp1(endpoint, '/')).body, name);
		t.is((await fetchHttp1(endpoint, '/api')).body, turn % 3 === 0 ? 'api' : name);
	}
	const done = await Promise.all(loads.map(load => load.over()));
	t.log(`${done[0]} requests of wrk, ${done[1]} of h2load, ${told()} reloads were told`);
	t.true(told() >= reloads);
	t.notRegex(running.stderr, /^error/m, running.stderr);
	t.regex(running.stderr, new RegExp(`reloaded: 1 route, ${url}$`, 'm'));

	first.tell();
	await until('the stream is served by whom it began with', () =>
		lived.heard.endsWith('data: first\n\n'),
	);
	t.is(lived.heard, 'data: open\n\ndata: first\n\n');
	t.is(await lived.ask('hello'), 'first hello');
}

function startWrk(t: ExecutionContext, url: string): Load {
	const args = ['-t1', '-c8', '-d400s', '--timeout', '60s', `${url}/`];
	const wrk = spawn('wrk', args, {stdio: ['ignore', 'pipe', 'inherit']});
	t.teardown(() => wrk.kill('SIGKILL'));
	const said = text(wrk.stdout);
	return {
		async over() {
			wrk.kill('SIGINT');
			const summary = await said;
			t.notRegex(summary, /Socket errors|Non-2xx/, summary);
			const done = Number(/(\d+) requests in/.exec(summary)?.[1]);
			t.true(done > reloads, summary);
			return done;
		},
	};
}

function startH2load(t: ExecutionContext, url: string): Load {
	let isOver = false;
	let done = 0;
	const load = async () => {
		while (!isOver) {
			const {stdout} = await run('h2load', ['-n2000', '-c4', '-m8', `${url}/`, `${url}/api`]);
			t.regex(stdout, /2000 succeeded, 0 failed, 0 errored, 0 timeout/);
			t.regex(stdout, /2000 2xx, 0 3xx, 0 4xx, 0 5xx/);
			done += 2000;
		}
	};
	const loading = load();
	return {
		async over() {
			isOver = true;
			await loading;
			return done;
		},
	};
}

/** Puts a new file in the place of the old one, or writes into it: whichever's turn it is. */
export function rewrite(file: string, content: unknown, turn: number): void {
	if (turn % 4 < 2) {
		write(`${file}.new`, content);
		renameSync(`${file}.new`, file);
	} else {
		write(file, content);
	}
}
