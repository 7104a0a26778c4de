import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {text} from 'node:stream/consumers';

/** What a program did. */
export interface Outcome {
	readonly code: number | null;
	readonly signal: NodeJS.Signals | null;
	readonly stdout: string;
	readonly stderr: string;
}

/**
 * Runs a program to its end.
 *
 * @param options `input` for its stdin, `env` on top of this process's environment
 */
export async function run(
	program: string,
	args: readonly string[],
	options: {readonly input?: string; readonly env?: NodeJS.ProcessEnv; readonly uid?: number} = {},
): Promise<Outcome> {
	const {input = '', env, uid} = options;
	const child = spawn(program, args, {
		stdio: ['pipe', 'pipe', 'pipe'],
		env: {...process.env, ...env},
		...(uid === undefined ? {} : {uid, gid: uid}),
	});
	child.stdin.on('error', () => undefined);
	child.stdin.end(input);
	const ended = once(child, 'close');
	const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
	const [code, signal] = (await ended) as [number | null, NodeJS.Signals | null];
	return {code, signal, stdout, stderr};
}
