import {closeSync, constants, fstatSync, futimesSync, lstatSync, openSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {systemCode} from '../../errors.js';
import {asOwner} from './owner.js';

/** Name of the file that stands for the right to change trust stores. */
export const turnName = '.sealport-turn';
/** Milliseconds between two signs of life. */
const beat = 1_000;
/** Milliseconds without one, as the waiting process counts them; the other one is then taken for dead. */
const silence = 5_000;

/**
 * Does something while no other process of the same person does such a thing, after waiting as long as
 * another one lives: two at once would record each other's half-made changes. Goes without where that
 * cannot be arranged, such as in a directory that is missing or full.
 *
 * @param directory of the store, absolute
 * @param tell told, once, that there is somebody to wait for
 */
export async function inTurn<Result>(
	directory: string,
	tell: (text: string) => void,
	act: () => Promise<Result>,
): Promise<Result> {
	const path = join(directory, turnName);
	const file = await take(path, tell);
	if (file === undefined) {
		return act();
	}
	const live = () => futimesSync(file, new Date(), new Date());
	const timer = setInterval(() => attempt(live), beat);
	try {
		return await act();
	} finally {
		clearInterval(timer);
		attempt(() => release(path, file));
		closeSync(file);
	}
}

async function take(path: string, tell: (text: string) => void): Promise<number | undefined> {
	const {O_CREAT, O_EXCL, O_WRONLY} = constants;
	let [seen, since] = ['', Number.NaN];
	for (;;) {
		try {
			return asOwner(() => openSync(path, O_CREAT | O_EXCL | O_WRONLY, 0o600));
		} catch (error) {
			if (systemCode(error) !== 'EEXIST') {
				return undefined;
			}
		}
		if (seen === '') {
			tell('another sealport changes the trust stores: waiting for it');
		}
		const sign = signOf(path);
		if (sign !== seen) {
			[seen, since] = [sign, performance.now()];
		} else if (
			performance.now() - since > silence &&
			!attempt(() => rmSync(path, {recursive: true, force: true}))
		) {
			return undefined;
		}
		await sleep(50);
	}
}

/** Changes with every sign of life, whatever the clocks say. */
function signOf(path: string): string {
	const found = lstatSync(path, {throwIfNoEntry: false});
	return `${found?.ino} ${found?.mtimeMs}`;
}

function release(path: string, file: number): void {
	// A process that was suspended for a while may have been taken for dead.
	if (lstatSync(path, {throwIfNoEntry: false})?.ino === fstatSync(file).ino) {
		rmSync(path, {force: true});
	}
}

/**
 * As the person. A turn that cannot be kept or given back is no reason to break off: it ends by itself.
 *
 * @returns whether it could be done
 */
function attempt(work: () => void): boolean {
	try {
		asOwner(work);
		return true;
	} catch {
		return false;
	}
}
