import {isDeepStrictEqual} from 'node:util';
import {follow} from '../../forward/wire/http2/framing/follow.js';
import {fuzzGuided, type GuidedRun} from '../guided.js';
import {randomFrom} from '../random.js';
import {mutateFrames, prefaceOf} from './mutate.js';
import {splitBytes} from './octets.js';
import {recordings} from './seeds.js';
import {clientFrame, serverFrame} from './words.js';

/** Feeds the reader of frames with what is changed by chance: it must tell the same however that is split. */
export function fuzzReader(seed: number, enough: (inputs: number) => boolean): Promise<GuidedRun> {
	return fuzzGuided(
		randomFrom(seed),
		{
			seeds: [...recordings('client'), ...recordings('server')],
			check,
			show: input => input.toString('base64'),
			mutate: (random, input, others) =>
				mutateFrames(
					random,
					input,
					others,
					prefaceOf(input).length > 0 ? clientFrame : serverFrame,
				),
		},
		enough,
	);
}

function check(input: Buffer, chance: number): void {
	const options = {isServer: prefaceOf(input).length > 0};
	const whole = follow([input], options);
	const pieces = splitBytes(randomFrom(chance), input);
	const inPieces = follow(pieces, options);
	if (!isDeepStrictEqual(whole.told, inPieces.told) || whole.error !== inPieces.error) {
		const [one, other] = [whole, inPieces].map(each => JSON.stringify(each).slice(-2000));
		throw new Error(`split, it is read in another way:\n${one}\n${other}`);
	}
}
