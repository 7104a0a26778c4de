import {connect, type LookupFunction, type OnReadOpts, type Socket} from 'node:net';
import type {Backend} from '../forward/seams.js';

/** How long a connection that is watched has to stay open before it is believed in, in milliseconds. */
const probation = 20;

/** How a connection is opened. */
export interface Opening {
	/** How long it may take, in milliseconds. */
	readonly limit: number;
	readonly signal: AbortSignal;
	/** Reads into a buffer of the caller's, instead of 'data' events. */
	readonly reading: OnReadOpts | undefined;
	/**
	 * Takes a connection that is closed at once for none: what stands in front of a server that starts, or a
	 * server in the midst of that, may accept what it cannot serve. Only where `reading` is given.
	 */
	readonly watched: boolean;
}

/**
 * Opens one connection. `localhost` is dialled on both loopback families, whatever the hosts file says, since
 * a dev server may listen on only one of them.
 *
 * @throws the system's error; `ETIMEDOUT` when it takes too long, `ECONNRESET` when it was closed at once
 */
export function openSocket(backend: Backend, opening: Opening): Promise<Socket> {
	const {limit, signal} = opening;
	return new Promise((resolve, reject) => {
		signal.throwIfAborted();
		const reading = opening.watched && opening.reading ? keepFirst(opening.reading) : undefined;
		const socket = dial(backend, limit, reading?.options ?? opening.reading);
		let timer = setTimeout(() => fail(failure('ETIMEDOUT', 'no answer')), limit);
		const settle = (act: () => void) => {
			clearTimeout(timer);
			signal.removeEventListener('abort', abort);
			socket.off('connect', connected).off('error', fail).off('end', closed).off('close', closed);
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
		const closed = () => fail(failure('ECONNRESET', 'closed at once'));
		const opened = () => settle(() => resolve(socket));
		const connected = () => {
			if (reading === undefined) {
				opened();
				return;
			}
			const pass = () => {
				opened();
				reading.release(socket);
			};
			clearTimeout(timer);
			timer = setTimeout(pass, probation);
			reading.onFirst(pass);
			socket.on('end', closed).on('close', closed);
		};
		const abort = () => fail(signal.reason);
		socket.on('connect', connected).on('error', fail);
		signal.addEventListener('abort', abort);
	});
}

function failure(code: string, message: string): Error {
	return Object.assign(new Error(message), {code});
}

/** Keeps what comes before whoever is to read it is there. */
function keepFirst({buffer, callback}: OnReadOpts) {
	const kept: Buffer[] = [];
	let isReleased = false;
	let told = () => {
		/* nobody wants to know yet */
	};
	const options: OnReadOpts = {
		buffer,
		callback(length, bytes) {
			if (isReleased) {
				return callback(length, bytes);
			}
			kept.push(Buffer.from(bytes.subarray(0, length)));
			told();
			return true;
		},
	};
	return {
		options,
		onFirst(tell: () => void) {
			told = tell;
		},
		/** Hands it over, once those who wait for the connection have had their turn. */
		release(socket: Socket) {
			told = () => undefined;
			setImmediate(() => {
				isReleased = true;
				for (const bytes of kept.splice(0)) {
					if (!callback(bytes.length, bytes)) {
						socket.pause();
					}
				}
			});
		},
	};
}

function dial(backend: Backend, limit: number, reading: OnReadOpts | undefined): Socket {
	// Half-open, since a tunnel may be so; whoever reads by itself also sees to the end.
	const options = reading === undefined ? {} : {onread: reading, allowHalfOpen: true};
	return backend.kind === 'unix'
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
