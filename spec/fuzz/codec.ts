import {METHODS} from 'node:http';
import {isDeepStrictEqual} from 'node:util';
import {readRequests} from '../helpers/read-messages.js';
import {watchCoverage} from './coverage.js';
import {mutate, requests, responses, split} from './mutate.js';
import {rawFields, readByNode} from './node-server.js';
import {type Random, randomFrom} from './random.js';
import {type ReadRequest, readRequest} from './read-request.js';
import {readResponse} from './read-response.js';

/** What a run of the fuzzer has done. */
export interface CodecRun {
	readonly inputs: number;
	/** Stretches of the codec's code that were reached. */
	readonly reached: number;
	/** Requests that were accepted, and so read by Node as well. */
	readonly compared: number;
	/** Requests that Node refuses though the codec accepts them: one for each of Node's reasons. */
	readonly refusedByNode: Readonly<Record<string, string>>;
}

/** Most inputs that are kept because they reached something new. */
const largestCorpus = 2000;

/** How many inputs are looked at together for what code they reach. */
const groupSize = 16;

/**
 * Feeds the codec with requests and responses that are changed by chance, guided by what code they reach.
 * Whatever it accepts it must read in the same way however it is split, and Node has to read what would be
 * forwarded in the same way.
 *
 * @param enough asked again and again whether so many inputs will do
 * @throws Error with the input, for anything else
 */
export async function fuzzCodec(
	seed: number,
	enough: (inputs: number) => boolean,
): Promise<CodecRun> {
	const random = randomFrom(seed);
	const coverage = watchCoverage('/lib/forward/wire/');
	const corpora = {request: [...requests], response: [...responses]};
	let inputs = 0;
	let compared = 0;
	const refusedByNode: Record<string, string> = {};
	try {
		while (!enough(inputs)) {
			for (const kind of ['request', 'response'] as const) {
				const corpus = corpora[kind];
				const seeds = kind === 'request' ? requests : responses;
				const batch = Array.from({length: 64}, () =>
					mutate(random, random.pick(random.chance(0.5) ? seeds : corpus), corpus),
				);
				const check = kind === 'request' ? checkRequest : checkResponse;
				// Asking for the coverage costs more than an input: it is asked about a few at a time.
				for (let at = 0; at < batch.length; at += groupSize) {
					const group = batch.slice(at, at + groupSize);
					if (
						coverage.isNew(() => {
							for (const text of group) {
								check(random, text);
							}
						}) &&
						corpus.length < largestCorpus
					) {
						corpus.push(...group);
					}
				}
				inputs += batch.length;
				if (kind === 'request') {
					compared += await compareAll(batch, refusedByNode);
				}
			}
		}
		return {inputs, compared, reached: coverage.reached, refusedByNode};
	} finally {
		coverage.close();
	}
}

function checkRequest(random: Random, text: string): void {
	const whole = guard(text, () => readRequest([text]));
	const pieces = split(random, text);
	const inPieces = guard(text, () => readRequest(pieces));
	assertSame(text, told(whole), told(inPieces), pieces);
}

/** When a fault is noticed may depend on the pieces; whether there is a whole message may not. */
function told<Result extends {readonly kind: string}>(result: Result): Result | {kind: string} {
	return ['refused', 'incomplete'].includes(result.kind) ? {kind: 'none'} : result;
}

function checkResponse(random: Random, text: string): void {
	const method = random.pick(['GET', 'GET', 'HEAD']);
	const unchunk = random.chance(0.3);
	const whole = guard(text, () => readResponse([text], method, unchunk));
	const pieces = split(random, text);
	const inPieces = guard(text, () => readResponse(pieces, method, unchunk));
	// How much of what follows a switch of protocols is there depends on the pieces, too.
	const parts = ({kind, heads, body}: typeof whole) =>
		told({kind, heads, body: kind === 'switched' ? '' : body});
	assertSame(text, parts(whole), parts(inPieces), pieces);
}

function guard<Result>(text: string, read: () => Result): Result {
	try {
		return read();
	} catch (cause) {
		throw new Error(`the codec throws for ${JSON.stringify(text)}: ${String(cause)}`, {cause});
	}
}

function assertSame(text: string, one: unknown, other: unknown, pieces: readonly string[]): void {
	if (!isDeepStrictEqual(one, other)) {
		const shown = [text, one, other, pieces].map(part => JSON.stringify(part)).join('\n');
		throw new Error(`split, it is read in another way:\n${shown}`);
	}
}

async function compareAll(
	batch: readonly string[],
	refusedByNode: Record<string, string>,
): Promise<number> {
	const accepted = batch
		.map(text => ({text, read: readRequest([text])}))
		.filter(({read}) => read.kind === 'request');
	await Promise.all(accepted.map(({text, read}) => compare(text, read, refusedByNode)));
	return accepted.length;
}

/** What Node's parser refuses and RFC 9112 does not: other methods, and octets over 127 in a target. */
function isBeyondNode({method, target}: {method: string; target: string}): boolean {
	return !METHODS.includes(method) || /[\x80-\xff]/.test(target) || method === 'CONNECT';
}

/** Nor does Node take as many extensions as may come in all chunks together, or as many trailers. */
const boundsOfNode = new Set(['HPE_CHUNK_EXTENSIONS_OVERFLOW', 'HPE_HEADER_OVERFLOW']);

async function compare(
	text: string,
	read: ReadRequest,
	refusedByNode: Record<string, string>,
): Promise<void> {
	if (read.kind !== 'request' || isBeyondNode(read)) {
		return;
	}
	const reading = await readByNode(read.forwarded);
	if (reading.fault !== undefined && reading.requests.length === 0) {
		if (!boundsOfNode.has(reading.fault)) {
			refusedByNode[reading.fault] ??= read.forwarded;
		}
		return;
	}
	const {messages, rest} = readRequests(read.forwarded);
	const [message] = messages;
	const ours = message && {
		method: read.method,
		target: read.target,
		fields: rawFields(message.fields),
		body: message.body,
		trailers: rawFields(message.trailers),
	};
	if (
		messages.length !== 1 ||
		rest !== '' ||
		reading.fault !== undefined ||
		!isDeepStrictEqual(reading.requests, [ours])
	) {
		const shown = [text, read.forwarded, ours, reading]
			.map(part => JSON.stringify(part))
			.join('\n');
		throw new Error(`Node reads what is forwarded in another way:\n${shown}`);
	}
}
