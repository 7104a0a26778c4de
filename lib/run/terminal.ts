import type {WriteStream} from 'node:tty';

/** Whether we run in a terminal, which sends its signals to all of its foreground programs at once. */
export function hasTerminal(): boolean {
	return process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
}

/**
 * The value of FORCE_COLOR by which a program that writes to a pipe uses the colours of the terminal behind
 * it; `undefined` when one of the streams takes none.
 *
 * @param streams where its output goes in the end
 */
export function colourDepth(streams: readonly WriteStream[]): string | undefined {
	const depths = streams.map(stream => (stream.isTTY ? stream.getColorDepth() : 1));
	const depth = Math.min(...depths);
	return depth >= 24 ? '3' : depth >= 8 ? '2' : depth >= 4 ? '1' : undefined;
}
