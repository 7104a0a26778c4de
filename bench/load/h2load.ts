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

/**
 * Starts h2load.
 *
 * @param seconds how long the load is to run; ending waits for that
 */
export async function h2load(to: Endpoint, pattern: Pattern, seconds: number): Promise<Load> {
	const {protocol, connections, streams, paths} = pattern;
	const child = await spawnOwn(
		findProgram('h2load') ?? 'h2load',
		[
			...(protocol === 'h1' ? ['--h1'] : ['-m', `${streams}`]),
			'-c',
			`${connections}`,
			'-D',
			`${Math.ceil(seconds * 1000)}ms`,
			`--tls13-ciphers=${offered.ciphers}`,
			`--groups=${offered.ecdhCurve}`,
			`--connect-to=127.0.0.1:${to.port}`,
			...paths.map(path => `https://${to.host}:${to.port}${path}`),
		],
		{stdio: ['ignore', 'pipe', 'pipe']},
	);
	const said = child.stdout ? text(child.stdout) : Promise.resolve('');
	return {
		async end() {
			const late = sleep(10_000, 'late', {ref: false});
			const summary = await Promise.race([said, late]);
			await end(child);
			const [, done = 0, failed = 0] =
				/(\d+) succeeded, (\d+) failed/.exec(summary)?.map(Number) ?? [];
			const good = Number(/status codes: (\d+) 2xx/.exec(summary)?.[1] ?? 0);
			if (failed > 0 || good < done || good === 0) {
				throw new Error(`h2load: ${good} good responses, ${failed} failed; ${summary.slice(-400)}`);
			}
		},
	};
}
