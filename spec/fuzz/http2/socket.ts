import type {Random} from '../random.js';
import {type Attack, fuzzSocket, type SocketRun} from '../socket.js';
import {mutateFrames} from './mutate.js';
import {splitBytes} from './octets.js';
import {recordings} from './seeds.js';
import {clientFrame} from './words.js';

const clients = recordings('client');

/** What real clients have sent, changed by chance. */
function attackByHttp2(random: Random): Attack {
	const input = mutateFrames(random, random.pick(clients), clients, clientFrame);
	return {pieces: splitBytes(random, input), protocol: 'h2'};
}

/** Does what `fuzzSocket` does, over HTTP/2. */
export function fuzzHttp2Socket(
	seed: number,
	enough: (connections: number) => boolean,
): Promise<SocketRun> {
	return fuzzSocket(seed, enough, attackByHttp2);
}
