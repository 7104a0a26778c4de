import type {ChildProcess} from 'node:child_process';
import {text} from 'node:stream/consumers';
import {setTimeout as sleep} from 'node:timers/promises';
import {end, spawnOwn} from '../measure/children.js';
import {findProgram, versionOf} from '../peers/find-program.js';
import {offered} from '../peers/probe.js';
import type {Endpoint} from '../peers/running.js';
import type {Load} from './load.js';

/** How the requests come. */
export interface Pattern {
	readonly protocol: 'h1' | 'h2';
	readonly connections: number;
	/** At a time on each connection; one for HTTP/1.1. */
	readonly streams: number;
	/** Each connection takes them in turn. */
	readonly paths: readonly string[];
}

/** Version of the load generator, or nothing when it is not installed. */
export function h2loadVersion(): string | undefined {
	const program = findProgram('h2load');
	return program && `h2load ${versionOf(program, '--version', /nghttp2\/(\S+)/)}`;
}

const start = (
	to: Endpoint,
	pattern: Pattern,
	extent: readonly string[],
): Promise<ChildProcess> => {
	const {protocol, connections, streams, paths} = pattern;
	return spawnOwn(
		findProgram('h2load') ?? 'h2load',
		[
			...(protocol === 'h1' ? ['--h1'] : ['-m', `${streams}`]),
			...['-c', `${connections}`],
			...extent,
			`--tls13-ciphers=${offered.ciphers}`,
			`--groups=${offered.ecdhCurve}`,
			`--connect-to=127.0.0.1:${to.port}`,
			...paths.map(path => `https://${to.host}:${to.port}${path}`),
		],
		{stdio: ['ignore', 'pipe', 'pipe']},
	);
};

/** @throws Error unless all requests that were answered went well */
const check = (summary: string): void => {
	const [, done = 0, failed = 0] = /(\d+) succeeded, (\d+) failed/.exec(summary)?.map(Number) ?? [];
	const good = Number(/status codes: (\d+) 2xx/.exec(summary)?.[1] ?? 0);
	if (failed > 0 || good < done || good === 0) {
		throw new Error(
			`h2load: ${good} good responses, ${failed} failed; ${summary.slice(-400).trim()}`,
		);
	}
};

/**
 * How long it may take to end once its time is up, in milliseconds. It never does when connections were not
 * there by then.
 */
const patience = 5000;

/** What it prints until it ends, given so many milliseconds. */
const printed = async (child: ChildProcess, limit: number): Promise<string> => {
	const said = child.stdout ? text(child.stdout) : '';
	const summary = await Promise.race([
		said,
		sleep(limit, 'it did not come to an end', {ref: false}),
	]);
	await end(child);
	return summary;
};

/**
 * Starts h2load.
 *
 * @param seconds how long the load is to run; ending waits for that
 */
export async function h2load(to: Endpoint, pattern: Pattern, seconds: number): Promise<Load> {
	const child = await start(to, pattern, ['-D', `${Math.ceil(seconds * 1000)}ms`]);
	const summary = printed(child, seconds * 1000 + patience);
	return {
		lasts: seconds,
		abandon: () => end(child),
		async end() {
			check(await summary);
		},
	};
}

/**
 * Sends so many requests with h2load.
 *
 * @throws Error when one of them fails
 */
export async function h2loadRequests(
	to: Endpoint,
	pattern: Pattern,
	requests: number,
): Promise<void> {
	check(await printed(await start(to, pattern, ['-n', `${requests}`]), 300_000));
}
