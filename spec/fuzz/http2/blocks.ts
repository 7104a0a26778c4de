import {isDeepStrictEqual} from 'node:util';
import type {Http2Field} from '../../../lib/forward/wire/http2/field.js';
import {ConnectionError} from '../../../lib/forward/wire/http2/framing/errors.js';
import {HpackDecoder} from '../../../lib/forward/wire/http2/hpack/decoder.js';
import {errorCodes} from '../../helpers/http2/names.js';
import {fuzzGuided, type GuidedRun} from '../guided.js';
import {type Random, randomFrom} from '../random.js';
import {blocksOf, cut} from './cut.js';
import {prefaceOf} from './mutate.js';
import {decodeByNode} from './node-decoder.js';
import {changeBlock, changeBytes} from './octets.js';
import {recordings} from './seeds.js';

/** Longest block, in octets: nghttp2 has smaller bounds for what is longer. */
const longest = 16_384;

/**
 * Feeds the decoder with field blocks that are changed by chance: nghttp2 has to take the same ones, and to
 * read the same fields.
 */
export function fuzzBlocks(seed: number, enough: (inputs: number) => boolean): Promise<GuidedRun> {
	const seeds = (['client', 'server'] as const).flatMap(side =>
		recordings(side).map(bytes =>
			blocksOf(cut(bytes, prefaceOf(bytes).length).frames).map(({block}) => block),
		),
	);
	const target = {seeds, mutate, check, show: (input: readonly Buffer[]) => hex(input)};
	return fuzzGuided(randomFrom(seed), target, enough);
}

function mutate(
	random: Random,
	blocks: readonly Buffer[],
	others: ReadonlyArray<readonly Buffer[]>,
): readonly Buffer[] {
	const changed = blocks.slice(0, 20);
	for (let count = random.below(3); count >= 0; count--) {
		const at = random.below(changed.length);
		const block = changed[at] ?? Buffer.alloc(0);
		const other = random.pick(others);
		if (random.chance(0.2)) {
			changed.splice(at, random.below(2), ...other.slice(random.below(other.length + 1)));
		} else {
			changed[at] = (random.chance(0.5) ? changeBlock : changeBytes)(random, block);
		}
	}
	return changed.filter(block => block.length <= longest).slice(0, 40);
}

async function check(blocks: readonly Buffer[]): Promise<void> {
	const theirs = await decodeByNode(blocks);
	const decoder = new HpackDecoder();
	let isBroken = false;
	for (const [index, block] of blocks.entries()) {
		const fields: Http2Field[] = [];
		try {
			decoder.decode(block, 0, block.length, fields, Number.POSITIVE_INFINITY, 100_000);
		} catch (error) {
			if (!(error instanceof ConnectionError)) {
				throw error;
			}
			isBroken = true;
			break;
		}
		const section = theirs.sections.get(index);
		const ours = fields.filter(({isValid}) => isValid).flatMap(({name, value}) => [name, value]);
		if (section !== undefined && !isDeepStrictEqual(withoutHost(section), withoutHost(ours))) {
			throw new Error(`block ${index} is read as ${JSON.stringify([section, ours])}`);
		}
	}
	if (isBroken !== (theirs.code === errorCodes.COMPRESSION_ERROR)) {
		throw new Error(`broken: ${isBroken}; for nghttp2 it ends with ${theirs.code}`);
	}
}

function hex(blocks: readonly Buffer[]): string {
	return blocks.map(block => block.toString('hex')).join(' ');
}

/** nghttp2 leaves out a Host that no host can have, which here is for others to refuse. */
function withoutHost(section: readonly string[]): readonly string[] {
	return section.filter((_, index) => section[index - (index % 2)] !== 'host');
}
