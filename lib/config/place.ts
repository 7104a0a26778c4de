/** A place in a file, for people. */
export interface Place {
	/** From 1. */
	readonly line: number;
	/** From 1. */
	readonly column: number;
	/** What stands on the line. */
	readonly text: string;
}

const longest = 80;

/** The place of an offset in a text. */
export function placeAt(content: string, offset: number): Place {
	const before = content.slice(0, offset).split('\n');
	return placeOn(content, before.length, (before.at(-1)?.length ?? 0) + 1);
}

/** The place of a line and a column, both from 1. */
export function placeOn(content: string, line: number, column: number): Place {
	const whole = content.split('\n')[line - 1] ?? '';
	const trimmed = whole.trim();
	const indent = whole.length - whole.trimStart().length;
	const start = Math.max(0, Math.min(column - 1 - indent - longest / 2, trimmed.length - longest));
	const text = trimmed.slice(start, start + longest);
	return {line, column, text};
}
