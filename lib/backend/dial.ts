import type {Socket} from 'node:net';
import {ProxyError, systemCode} from '../errors.js';
import type {Backend, Dialer} from '../forward/seams.js';
import {openSocket} from './connect.js';
import {betweenTries, Gate} from './gate.js';

/** What the machine says while a backend is not up yet: nothing of a request has been sent then. */
const notUp = new Set(['ECONNREFUSED', 'ENOENT', 'ECONNRESET', 'EAGAIN']);

/** The longest pause of a request that is lost again and again, in milliseconds. */
const longestPause = 1000;

/**
 * Dials backends. While one refuses, all who want a connection to it wait together.
 *
 * @param limits `wait`: how long to go on trying while the backend refuses, in milliseconds;
 * `connect`: how long one try may take, in milliseconds
 */
export function createDialer(limits: {readonly wait: number; readonly connect: number}): Dialer {
	const gates = new Map<Backend, Gate>();
	return {
		async dial(backend, signal, wanted = () => true, reading, lost) {
			const began = performance.now();
			const until = (lost?.since ?? began) + limits.wait;
			const pause = lost === undefined || lost.times === 0 ? 0 : pauseAfter(lost.times);
			const isLate = began + Math.max(pause, betweenTries) > until;
			const open = (watched: boolean): Promise<Socket> =>
				openSocket(backend, {limit: limits.connect, signal, reading, watched});
			let why = pause > 0 ? lost?.error : undefined;
			if (why !== undefined && isLate) {
				throw why;
			}
			if (why === undefined && (isLate || !gates.has(backend))) {
				try {
					return await open(false);
				} catch (error) {
					why = explain(error, backend);
					if (isLate || !mayCome(error) || signal.aborted) {
						throw why;
					}
				}
			}
			let gate = gates.get(backend);
			if (gate === undefined) {
				gate = new Gate({
					mayCome,
					explain: error => explain(error, backend),
					empty: () => gates.delete(backend),
				});
				gates.set(backend, gate);
			}
			if (why !== undefined) {
				gate.shut(why);
			}
			return gate.wait({signal, until, notBefore: began + pause, wanted, open});
		},
	};
}

function mayCome(error: unknown): boolean {
	return notUp.has(systemCode(error) ?? '');
}

function pauseAfter(times: number): number {
	return Math.min(longestPause, betweenTries * 2 ** (times - 1));
}

function explain(cause: unknown, backend: Backend): ProxyError {
	const code = systemCode(cause);
	if (code === 'ETIMEDOUT') {
		return new ProxyError(
			'backend-timeout',
			'upstream',
			`backend ${backend.label} does not answer`,
			{
				hint: 'check its address, and that no firewall is in the way',
				cause,
			},
		);
	}
	const {why, hint} = reasons[code ?? ''] ?? {
		why: `cannot be reached (${code ?? String(cause)})`,
		hint: 'check its address',
	};
	return new ProxyError('backend-refused', 'upstream', `backend ${backend.label} ${why}`, {
		hint,
		cause,
		lastWords: backend.lastWords,
	});
}

const reasons: Readonly<Record<string, {readonly why: string; readonly hint: string}>> = {
	ECONNREFUSED: {why: 'refused the connection', hint: 'start it, or check its port'},
	ENOENT: {why: 'does not exist', hint: 'start it, or check the path of its socket'},
	ECONNRESET: {why: 'closes connections as soon as they are open', hint: 'see what it logs'},
	EAGAIN: {why: 'accepts no more connections', hint: 'see what keeps it busy'},
	EACCES: {why: 'may not be opened by this user', hint: 'check the permissions of its socket'},
	ENOTSOCK: {why: 'is a file and not a socket', hint: 'check the path of its socket'},
	EMFILE: {
		why: 'cannot be dialled while Sealport has as many files open as it may',
		hint: 'raise that limit (ulimit -n)',
	},
	ENOTFOUND: {why: 'has a host name that does not resolve', hint: 'check its host name'},
	EAI_AGAIN: {why: 'has a host name that does not resolve', hint: 'check its host name'},
};
