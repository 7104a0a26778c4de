import type {Readable, Writable} from 'node:stream';
import {StringDecoder} from 'node:string_decoder';

/** Where the output of a command goes, and where its cursor stands. */
export interface Passage {
	/** Whether the last line has not ended. */
	readonly isWithinLine: boolean;
}

/**
 * Passes the output of a program on as it is, no faster than it is taken. When nobody takes it any more it
 * is read nevertheless, so that the program does not stop.
 *
 * @param keep gets the same as text
 */
export function passOutput(from: Readable, to: Writable, keep: (text: string) => void): Passage {
	const decoder = new StringDecoder('utf8');
	let isWithinLine = false;
	const resume = () => from.resume();
	from.on('data', (chunk: Buffer) => {
		keep(decoder.write(chunk));
		isWithinLine = chunk.at(-1) !== 0x0a;
		if (!to.write(chunk) && !to.destroyed) {
			from.pause();
		}
	});
	to.on('drain', resume);
	to.on('error', resume);
	from.once('close', () => to.off('drain', resume).off('error', resume));
	from.on('error', () => {
		// It has ended.
	});
	return {
		get isWithinLine() {
			return isWithinLine;
		},
	};
}
