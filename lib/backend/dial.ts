import {connect, type LookupFunction, type OnReadOpts, type Socket} from 'node:net';
import {setTimeout as pause} from 'node:timers/promises';
import {ProxyError, systemCode} from '../errors.js';
import type {Backend, Dialer} from '../forward/seams.js';

const betweenTries = 100;

/** What the machine says while a backend is not up yet: nothing of a request has been sent then. */
const notUp = new Set(['ECONNREFUSED', 'ENOENT']);

/**
 * Dials backends. `localhost` is dialled on both loopback families, whatever the hosts file says,
 * since a dev server may listen on only one of them.
 *
 * @param limits `wait`: how long to go on trying while the backend refuses, in milliseconds;
 * `connect`: how long one try may take, in milliseconds
 */
export function createDialer(limits: {readonly wait: number; readonly connect: number}): Dialer {
	return {
		async dial(backend, signal, wanted = () => true, reading) {
			const giveUp = performance.now() + limits.wait;
			for (;;) {
				try {
					return await tryOnce(backend, limits.connect, signal, reading);
				} catch (error) {
					const mayCome = notUp.has(systemCode(error) ?? '');
					const late = performance.now() + betweenTries > giveUp;
					if (!mayCome || late || signal.aborted) {
						throw explain(error, backend);
					}
				}
				await pause(betweenTries, undefined, {signal}).catch(() => {
					/* the next try notices */
				});
				if (!wanted()) {
					throw new ProxyError('backend-refused', 'downstream', 'the client has left');
				}
			}
		},
	};
}

function tryOnce(
	backend: Backend,
	limit: number,
	signal: AbortSignal,
	reading: OnReadOpts | undefined,
): Promise<Socket> {
	return new Promise((resolve, reject) => {
		signal.throwIfAborted();
		// Half-open, since a tunnel may be so; whoever reads by itself also sees to the end.
		const options = reading === undefined ? {} : {onread: reading, allowHalfOpen: true};
		const socket =
			backend.kind === 'unix'
				? connect({path: backend.path, ...options})
				: connect({
						...options,
						host: backend.host,
						port: backend.port,
						...(backend.localAddress && {localAddress: backend.localAddress}),
						noDelay: true,
						autoSelectFamily: true,
						...(isLocalhost(backend.host)
							? {
									lookup: bothLoopbacks,
									// A loopback address says at once whether somebody listens. Node would give up
									// on the first one after 250 ms in which it was merely busy itself.
									autoSelectFamilyAttemptTimeout: limit,
								}
							: {}),
					});
		const settle = (act: () => void) => {
			clearTimeout(timer);
			signal.removeEventListener('abort', abort);
			socket.off('connect', connected).off('error', failed);
			act();
		};
		const fail = (error: unknown) =>
			settle(() => {
				socket.on('error', () => {
					/* it is given up: what else befalls it is of no interest */
				});
				socket.destroy();
				reject(error);
			});
		const connected = () => settle(() => resolve(socket));
		const failed = (error: Error) => fail(error);
		const abort = () => fail(signal.reason);
		const timer = setTimeout(
			() => fail(Object.assign(new Error('no answer'), {code: 'ETIMEDOUT'})),
			limit,
		);
		socket.on('connect', connected).on('error', failed);
		signal.addEventListener('abort', abort);
	});
}

function isLocalhost(host: string): boolean {
	return host === 'localhost' || host.endsWith('.localhost');
}

const bothLoopbacks: LookupFunction = (_host, options, callback) => {
	const addresses = [
		{address: '127.0.0.1', family: 4},
		{address: '::1', family: 6},
	];
	if (options.all) {
		callback(null, addresses);
	} else {
		callback(null, '127.0.0.1', 4);
	}
};

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
	EACCES: {why: 'may not be opened by this user', hint: 'check the permissions of its socket'},
	ENOTSOCK: {why: 'is a file and not a socket', hint: 'check the path of its socket'},
	EMFILE: {
		why: 'cannot be dialled while Sealport has as many files open as it may',
		hint: 'raise that limit (ulimit -n)',
	},
	ENOTFOUND: {why: 'has a host name that does not resolve', hint: 'check its host name'},
	EAI_AGAIN: {why: 'has a host name that does not resolve', hint: 'check its host name'},
};
