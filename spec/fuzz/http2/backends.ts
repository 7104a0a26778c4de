import type {Socket} from 'node:net';
import {parseBackend} from '../../../lib/backend/address.js';
import {ProxyError} from '../../../lib/errors.js';
import type {Dialer} from '../../../lib/forward/seams.js';
import {SharedRequest} from '../../../lib/forward/wire/http2/upstream/request.js';
import type {SharedConnections} from '../../../lib/forward/wire/http2/upstream/shared.js';
import type {BackendRequest} from '../../../lib/forward/wire/upstream/backend-request.js';
import {Pool} from '../../../lib/forward/wire/upstream/pool.js';
import {preface} from '../../helpers/http2/names.js';
import {fuzzGuided, type GuidedRun} from '../guided.js';
import {type Random, randomFrom} from '../random.js';
import {audit} from './audit.js';
import {turns} from './clients.js';
import {blocksOf, bodiesOf, cut} from './cut.js';
import {FakeBackendSocket} from './fake-socket.js';
import {mutateFrames} from './mutate.js';
import {splitBytes} from './octets.js';
import {recordings} from './seeds.js';
import {StrictSink} from './strict-sink.js';
import {serverFrame} from './words.js';

const servers = recordings('server');

const websocket =
	'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n';

/**
 * Has a backend that speaks HTTP/2 say what is changed by chance, to requests that come, go on and are given up
 * by chance. What it is sent has to be HTTP/2, and each request has to have its end.
 */
export function fuzzBackends(
	seed: number,
	enough: (inputs: number) => boolean,
): Promise<GuidedRun> {
	return fuzzGuided(
		randomFrom(seed),
		{
			seeds: servers,
			mutate: (random, input, others) => mutateFrames(random, input, others, serverFrame),
			check,
			show: input => input.toString('base64'),
		},
		enough,
	);
}

interface Pending {
	readonly request: BackendRequest;
	readonly sink: StrictSink;
	/** Whether nothing more of it is to be written: what opens a tunnel is complete, and the tunnel goes on. */
	isSent: boolean;
	/** Whether its tunnel is ended. */
	hasEnded: boolean;
}

export async function check(input: Buffer, chance: number): Promise<void> {
	const random = randomFrom(chance);
	const sockets: FakeBackendSocket[] = [];
	const backend = parseBackend('h2c://127.0.0.1:3000');
	const pool = new Pool(backend, dialerTo(random, input, sockets));
	// The streams that the backend answers, and some that it does not.
	const most = blocksOf(cut(input, 0).frames).reduce((last, {stream}) => Math.max(last, stream), 1);
	const count = Math.min(40, Math.ceil(most / 2) + random.below(3));
	const pending = Array.from({length: count}, () => open(random, pool));
	await turns(2);
	for (const piece of splitBytes(random, input).slice(0, 2000)) {
		sockets[0]?.deliver(piece);
		act(random, random.pick(pending));
		if (random.chance(0.2)) {
			await turns(1);
		}
	}
	for (let round = 0; round < 10; round++) {
		await turns(2);
		for (const each of pending) {
			act(random, each);
		}
		for (const socket of sockets) {
			random.chance(0.3) ? socket.push(null) : random.chance(0.2) && socket.destroy();
		}
		pool.sweep(round * 5000);
	}
	for (let round = 0; round < 8; round++) {
		for (const socket of sockets) {
			socket.destroy();
		}
		await turns(2);
	}
	pool.close();
	await turns(2);
	for (const {sink} of pending) {
		if (sink.faults.length > 0 || !sink.isSettled) {
			throw new Error(`a request ends as ${sink.state}: ${sink.faults.join('; ')}`);
		}
	}
	if (sockets.length > 100) {
		throw new Error('it dials without end');
	}
	checkBodies(pending, sockets);
}

function open(random: Random, pool: Pool): Pending {
	const sink = new StrictSink(random);
	const kind = random.below(10);
	const method = kind < 5 || kind === 9 ? 'GET' : kind === 5 ? 'HEAD' : 'POST';
	const isTunnel = kind === 9;
	const isSent = method !== 'POST' && !isTunnel;
	const extra = isTunnel ? websocket : isSent ? '' : 'Transfer-Encoding: chunked\r\n';
	const outgoing = {
		head: Buffer.from(`${method} / HTTP/1.1\r\nHost: localhost\r\n${extra}\r\n`),
		method,
		replayable: isSent,
		chunk: !isSent && !isTunnel,
		unchunk: true,
	};
	const request = new SharedRequest(pool.shared as SharedConnections, outgoing, sink);
	request.start(undefined, isSent || isTunnel);
	return {request, sink, isSent: isSent || isTunnel, hasEnded: false};
}

/** Goes on with a request, or gives it up. */
function act(random: Random, each: Pending): void {
	const {request, sink} = each;
	if (sink.state === 'given up') {
		return;
	}
	if (sink.isPaused && random.chance(0.7)) {
		sink.isPaused = false;
		request.resume();
	}
	const isTunnel = sink.state === 'switched';
	const mayWrite = isTunnel ? !each.hasEnded : !each.isSent;
	const step = random.below(30);
	if (step < 12 && mayWrite) {
		request.write(Buffer.alloc(random.pick([0, 1, 100, 20_000, 100_000]), 'u'));
	} else if (step < 16 && mayWrite) {
		each.hasEnded = true;
		each.isSent = true;
		isTunnel ? request.endTunnel() : request.finish(random.pick(['', 'X-Sum: 1\r\n']));
	} else if (step === 16) {
		sink.state = 'given up';
		isTunnel ? request.closeTunnel() : request.abort();
	}
}

function dialerTo(random: Random, input: Buffer, sockets: FakeBackendSocket[]): Dialer {
	return {
		async dial(backend, signal, wanted, reading) {
			const isOver = signal.aborted || sockets.length > 100;
			if (isOver || random.chance(0.01) || wanted?.() === false) {
				throw new ProxyError('backend-refused', 'upstream', `${backend.label} refuses`);
			}
			const buffer = reading?.buffer as Uint8Array;
			const taking = random.pick(['all', 'all', 'slowly', 'nothing'] as const);
			const socket = new FakeBackendSocket(taking, bytes => {
				buffer.set(bytes);
				return reading?.callback(bytes.length, buffer) ?? true;
			});
			if (sockets.push(socket) > 1) {
				const bytes = random.chance(0.5) ? input : random.pick(servers);
				setImmediate(() => setImmediate(() => socket.deliver(bytes)));
			}
			return socket as unknown as Socket;
		},
	};
}

function checkBodies(pending: readonly Pending[], sockets: readonly FakeBackendSocket[]): void {
	const bodies: string[] = [''];
	for (const socket of sockets) {
		const heard = cut(Buffer.concat(socket.delivered), 0);
		audit(socket.written.subarray(preface.length), heard.frames, false);
		bodies.push(...bodiesOf(heard).values());
	}
	for (const {sink} of pending) {
		const body = Buffer.concat(sink.received).toString('latin1');
		if (!bodies.some(sent => sent.startsWith(body))) {
			throw new Error('a body is not what the backend has sent');
		}
	}
}
