import {watchCoverage} from './coverage.js';
import type {Random} from './random.js';

/** What a run has done. */
export interface GuidedRun {
	readonly inputs: number;
	/** Stretches of the code that were reached. */
	readonly reached: number;
}

/** What is fuzzed, and with what. */
export interface Target<Input> {
	readonly seeds: readonly Input[];
	/** Changes an input by chance. */
	mutate(random: Random, input: Input, others: readonly Input[]): Input;
	/** Rejects when something is wrong. All that it does by chance is to depend on the number. */
	check(input: Input, chance: number): void | Promise<void>;
	/** The input, for people. */
	show(input: Input): string;
}

/** Most inputs that are kept because they reached something new. */
const largestCorpus = 2000;

/** How many inputs are looked at together for what code they reach. */
const groupSize = 16;

/**
 * Checks inputs that are changed by chance, guided by what code of the wire lane they reach.
 *
 * @param enough asked again and again whether so many inputs will do
 * @throws Error with the input
 */
export async function fuzzGuided<Input>(
	random: Random,
	{seeds, mutate, check, show}: Target<Input>,
	enough: (inputs: number) => boolean,
): Promise<GuidedRun> {
	const coverage = watchCoverage('/lib/forward/wire/');
	const corpus = [...seeds];
	let group: Array<{readonly input: Input; readonly chance: number}> = [];
	const shown = ({input, chance}: (typeof group)[number]) => `${chance} ${show(input)}`;
	const tell = () => process.stderr.write(`one of\n${group.map(shown).join('\n')}\n`);
	process.on('uncaughtExceptionMonitor', tell);
	let inputs = 0;
	try {
		while (!enough(inputs)) {
			group = Array.from({length: groupSize}, (_, index) => {
				const input = random.pick(random.chance(0.5) ? seeds : corpus);
				const isFresh = inputs === 0 && index < seeds.length;
				return {
					input: isFresh ? (seeds[index] ?? input) : mutate(random, input, corpus),
					chance: random.below(2 ** 31),
				};
			});
			await Promise.all(
				group.map(async each => {
					try {
						await check(each.input, each.chance);
					} catch (cause) {
						throw new Error(`${String(cause)}\n${shown(each)}`, {cause});
					}
				}),
			);
			inputs += groupSize;
			if (coverage.isNew(() => undefined) && corpus.length < largestCorpus) {
				corpus.push(...group.map(({input}) => input));
			}
		}
		return {inputs, reached: coverage.reached};
	} finally {
		coverage.close();
		process.off('uncaughtExceptionMonitor', tell);
	}
}
