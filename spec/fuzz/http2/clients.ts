import {createHash} from 'node:crypto';
import type {Socket} from 'node:net';
import type {TLSSocket} from 'node:tls';
import {ProxyError} from '../../../lib/errors.js';
import type {Dialer, ExchangeReport} from '../../../lib/forward/seams.js';
import type {WireContext} from '../../../lib/forward/wire/context.js';
import {Http2Connection} from '../../../lib/forward/wire/http2/downstream/connection.js';
import {Turn} from '../../../lib/forward/wire/http2/output/turn.js';
import {Pools} from '../../../lib/forward/wire/upstream/pool.js';
import {clientAt, snapshotOf} from '../../forward/wire/snapshot.js';
import {preface} from '../../helpers/http2/names.js';
import {fuzzGuided, type GuidedRun} from '../guided.js';
import {mutate, responses, split} from '../mutate.js';
import {type Random, randomFrom} from '../random.js';
import {audit} from './audit.js';
import {checkEnds} from './check-ends.js';
import {checkForwarded} from './check-forwarded.js';
import {cut} from './cut.js';
import {FakeBackendSocket, FakeSocket} from './fake-socket.js';
import {mutateFrames} from './mutate.js';
import {splitBytes} from './octets.js';
import {recordings} from './seeds.js';
import {clientFrame} from './words.js';

const snapshot = snapshotOf();
const limits = {head: 30_000, idle: 120_000, headSize: 65_536, fields: 200};

/** What may wait for a client that does not read, in octets; and a little more, for what comes between two looks. */
const mostUnread = 6 * 2 ** 20;

/**
 * Has connections of clients read what is changed by chance, with backends that answer by chance. What is
 * sent has to be HTTP/2, every stream has to have its end, and what goes to backends has to be what was asked.
 */
export function fuzzClients(seed: number, enough: (inputs: number) => boolean): Promise<GuidedRun> {
	return fuzzGuided(
		randomFrom(seed),
		{
			seeds: recordings('client'),
			mutate: (random, input, others) => mutateFrames(random, input, others, clientFrame),
			check,
			show: input => input.toString('base64'),
		},
		enough,
	);
}

export const turns = async (count: number): Promise<void> => {
	for (let turn = 0; turn < count; turn++) {
		await new Promise(resolve => setImmediate(resolve));
	}
};

export async function check(input: Buffer, chance: number): Promise<void> {
	const random = randomFrom(chance);
	const backends: FakeBackendSocket[] = [];
	const reports: ExchangeReport[] = [];
	const clock = {now: 0, tick: 1000};
	const pools = new Pools(dialerTo(random, backends));
	const context: WireContext = {
		snapshot: () => snapshot,
		pools,
		limits,
		clock,
		draining: () => false,
		report: report => void reports.push(report),
	};
	const taking = random.pick(['all', 'all', 'all', 'slowly', 'nothing'] as const);
	const socket = new FakeSocket(taking);
	const connection = new Http2Connection(
		socket as unknown as TLSSocket,
		clientAt('127.0.0.1'),
		context,
		new Turn(),
	);
	for (const piece of splitBytes(random, input).slice(0, 2000)) {
		if (!socket.destroyed && !socket.readableEnded) {
			socket.push(piece);
		}
		if (random.chance(0.3)) {
			await turns(1);
		}
		if (random.chance(0.01)) {
			connection.drain();
		}
		if (socket.writableLength > mostUnread) {
			throw new Error(`${socket.writableLength} octets wait`);
		}
	}
	await turns(6);
	const vanishes = random.chance(0.2);
	if (vanishes) {
		socket.destroy();
	}
	await turns(2);
	for (const backend of backends) {
		backend.destroy();
	}
	await turns(3);
	for (let round = 0; round < 8 && !socket.destroyed; round++) {
		while (taking === 'slowly' && socket.writableLength > 0) {
			await turns(1);
		}
		clock.now += limits.idle + 5000;
		connection.check(clock.now);
		pools.sweep(clock.now);
		await turns(2);
	}
	if (!socket.writableEnded && !socket.destroyed) {
		throw new Error('it stays open for ever');
	}
	socket.destroy();
	await turns(2);
	pools.sweep(clock.now + 60_000);
	pools.close();
	if (backends.some(backend => !backend.destroyed)) {
		throw new Error('a connection to a backend stays open');
	}
	const heard = cut(input, preface.length);
	const audited = audit(socket.written, heard.frames, true);
	if (!vanishes && taking !== 'nothing') {
		checkEnds(heard.frames, audited);
	}
	checkForwarded(heard, backends, reports);
}

function dialerTo(random: Random, backends: FakeBackendSocket[]): Dialer {
	return {
		async dial(backend, _signal, wanted, reading) {
			if (random.chance(0.03) || wanted?.() === false) {
				throw new ProxyError('backend-refused', 'upstream', `${backend.label} refuses`);
			}
			if (random.chance(0.3)) {
				await turns(random.below(4));
			}
			const buffer = reading?.buffer as Uint8Array;
			const socket = new FakeBackendSocket(
				random.pick(['all', 'all', 'slowly', 'nothing']),
				bytes => {
					buffer.set(bytes);
					return reading?.callback(bytes.length, buffer) ?? true;
				},
			);
			socket.on('taken', (chunk: Buffer) => {
				if (/^[!-~]+ [!-~]+ HTTP\/1\.1\r\n/.test(chunk.toString('latin1', 0, 5000))) {
					setImmediate(() => answer(random, socket, chunk.toString('latin1')));
				} else if (random.chance(0.05)) {
					setImmediate(() => socket.deliver(Buffer.from('raw')));
				}
			});
			backends.push(socket);
			return socket as unknown as Socket;
		},
	};
}

function answer(random: Random, socket: FakeBackendSocket, head: string): void {
	const key = /^Sec-WebSocket-Key: (.*)\r\n/m.exec(head)?.[1];
	const good =
		key !== undefined && random.chance(0.8)
			? `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${acceptFor(key)}\r\n\r\nraw`
			: random.chance(0.1)
				? `HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n${'x'.repeat(100_000)}`
				: random.pick(responses);
	const text = random.chance(0.7) ? good : mutate(random, good, responses);
	for (const piece of split(random, text)) {
		socket.deliver(Buffer.from(piece, 'latin1'));
	}
	const then = random.below(10);
	if (then < 2) {
		socket.push(null);
	} else if (then === 2) {
		socket.destroy(Object.assign(new Error('reset'), {code: 'ECONNRESET'}));
	}
}

function acceptFor(key: string): string {
	return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
}
