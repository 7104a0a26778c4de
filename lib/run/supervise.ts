import {setTimeout as pause} from 'node:timers/promises';
import {endBySignal} from './end-by-signal.js';
import type {Endings} from './endings.js';
import type {Launched} from './launch.js';
import type {Outcome} from './outcome.js';
import type {Tree} from './tree/tree.js';

/** A command that is to be kept running. */
export interface Supervised {
	/** For people: `"npm run dev"`. */
	readonly name: string;
	readonly tree: Tree;
	readonly endings: Endings;
	/** Whether it is started again when it crashes. */
	readonly restart: boolean;
	readonly launch: () => Promise<Launched>;
	/** Follows what has been started until the signal aborts. */
	readonly follow: (signal: AbortSignal) => Promise<void>;
	/** Whether somebody accepts connections for it. */
	readonly isServing: () => Promise<boolean>;
	/** Says something that a person should know. */
	readonly warn: (message: string) => void;
	readonly note: (message: string) => void;
}

/** Milliseconds. */
const times = {
	/** For what a command that has crashed leaves behind. */
	leftover: 2000,
	/** Before it is started again: at first, and at the most. */
	shortest: 500,
	longest: 10_000,
	/** It ran well: what was wrong before is over. */
	well: 30_000,
	/** For a program in the background to begin to serve. */
	background: 30_000,
	look: 500,
};

/**
 * Runs a command, and again where that is wanted, until it has ended and nothing of its tree is left.
 *
 * @returns its exit code
 * @throws CommandError when it cannot be started
 */
export async function supervise(command: Supervised): Promise<number> {
	const {name, tree, endings, restart, warn} = command;
	let rest = times.shortest;
	for (;;) {
		const began = performance.now();
		const launched = await command.launch();
		const following = new AbortController();
		const followed = command.follow(following.signal).catch((error: unknown) => {
			warn(`${name} is not followed any more: ${error instanceof Error ? error.message : error}`);
		});
		try {
			const ending = await Promise.race([launched.ended.then(() => undefined), endings.first]);
			if (ending !== undefined) {
				following.abort();
				return (await endBySignal(command, launched, ending)).code;
			}
			const outcome = await launched.ended;
			if (outcome.code === 0) {
				return await stayForOthers(command, launched);
			}
			following.abort();
			await tree.end(times.leftover, endings.hurry);
			await launched.silent;
			if (!restart) {
				warn(`${name} has ended with ${outcome.how}`);
				return outcome.code;
			}
			rest = performance.now() - began > times.well ? times.shortest : rest;
			if (await waitToRestart(command, outcome, rest)) {
				return outcome.code;
			}
			rest = Math.min(times.longest, rest * 2);
		} finally {
			following.abort();
			await followed;
		}
	}
}

/** @returns whether to end instead */
async function waitToRestart(
	{name, endings, warn}: Supervised,
	{how}: Outcome,
	rest: number,
): Promise<boolean> {
	warn(`${name} has ended with ${how}: it is started again in ${rest / 1000} s`);
	const waited = new AbortController();
	const due = pause(rest, false, {signal: waited.signal}).catch(() => false);
	const isOver = await Promise.race([due, endings.first.then(() => true)]);
	waited.abort();
	return isOver;
}

/** A command may leave others behind that serve in its place: they are kept as long as they do. */
async function stayForOthers(command: Supervised, launched: Launched): Promise<number> {
	const {name, tree, endings, note} = command;
	const giveUp = performance.now() + times.background;
	let isSaid = false;
	let ending: NodeJS.Signals | undefined;
	endings.first.then(signal => {
		ending = signal;
	});
	while ((await tree.members()).length > 0) {
		if (ending !== undefined) {
			return (await endBySignal(command, launched, ending)).code;
		}
		const serves = await command.isServing();
		if (!serves && performance.now() > giveUp) {
			break;
		}
		if (serves && !isSaid) {
			isSaid = true;
			note(`${name} has gone to the background, and is served until it ends there`);
		}
		await Promise.race([pause(times.look), endings.first]);
	}
	await tree.end(times.leftover, endings.hurry);
	await launched.silent;
	return 0;
}
