import {escapeHtml} from './html.js';

/** Text as it looks in a terminal, in one look. */
interface Piece {
	text: string;
	/** Classes of `terminalStyle`, with blanks between; empty for plain text. */
	readonly look: string;
}

/** One of the sixteen colours of a terminal, or none of its own. */
type Colour = number | undefined;

interface Pen {
	front: Colour;
	back: Colour;
	/** Of the names in `switches`. */
	readonly on: Set<string>;
}

/**
 * Makes HTML of what a program has printed to a terminal: colours and weights (SGR, ECMA-48 section
 * 8.3.117) become spans with classes, which `terminalStyle` has the looks of. All other control sequences
 * are left out, and so are characters that reorder text. A line that was printed over by a carriage return
 * is there as it was in the end.
 *
 * @param raw anything
 */
export function terminalHtml(raw: string): string {
	return linesOf(raw)
		.map(line =>
			line
				.map(({text, look}) =>
					look === '' ? escapeHtml(text) : `<span class="${look}">${escapeHtml(text)}</span>`,
				)
				.join(''),
		)
		.join('\n');
}

/** The same lines without any looks. */
export function terminalText(raw: string): string[] {
	return linesOf(raw).map(line => line.map(({text}) => text).join(''));
}

/**
 * What may stand among text: control sequences (CSI), strings (OSC, DCS, SOS, PM, APC), other escapes, and
 * single characters. A string that does not end goes to the end of its line.
 */
const controls =
	/\x1b\[([0-?]*)[ -/]*([@-~]?)|\x1b[\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\)?|\x1b[ -/]*[0-~]?|\r?\n|\r|[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

function linesOf(raw: string): Piece[][] {
	const pen: Pen = {front: undefined, back: undefined, on: new Set()};
	const lines: Piece[][] = [[]];
	let isOver = false;
	let end = 0;
	const put = (text: string) => {
		if (text === '') {
			return;
		}
		if (isOver) {
			lines[lines.length - 1] = [];
			isOver = false;
		}
		const look = lookOf(pen);
		const line = lines.at(-1) ?? [];
		const last = line.at(-1);
		if (last?.look === look) {
			last.text += text;
		} else {
			line.push({text, look});
		}
	};
	for (const match of raw.matchAll(controls)) {
		put(raw.slice(end, match.index));
		end = match.index + match[0].length;
		if (match[0].endsWith('\n')) {
			lines.push([]);
			isOver = false;
		} else if (match[0] === '\r') {
			isOver = true;
		} else if (match[2] === 'm') {
			draw(pen, match[1] ?? '');
		}
	}
	put(raw.slice(end));
	return lines;
}

const switches: Readonly<Record<number, string>> = {
	1: 'bold',
	2: 'dim',
	3: 'italic',
	4: 'under',
	7: 'inverse',
	9: 'struck',
};

const off: Readonly<Record<number, readonly string[]>> = {
	22: ['bold', 'dim'],
	23: ['italic'],
	24: ['under'],
	27: ['inverse'],
	29: ['struck'],
};

function draw(pen: Pen, parameters: string): void {
	// With colons the parts of one colour are kept together, and a space for its kind may lie between.
	const given = parameters.replace(/([34]8):2:\d*:(\d+:\d+:\d+)/g, '$1:2:$2').split(/[;:]/);
	const codes = given.map(Number);
	for (let at = 0; at < codes.length; at++) {
		const code = codes[at] ?? 0;
		if (code === 0) {
			pen.front = undefined;
			pen.back = undefined;
			pen.on.clear();
		} else if (switches[code] !== undefined) {
			pen.on.add(switches[code]);
		} else if (off[code] !== undefined) {
			for (const name of off[code]) {
				pen.on.delete(name);
			}
		} else if (code === 38 || code === 48) {
			const isPalette = codes[at + 1] === 5;
			const [red = 0, green = 0, blue = 0] = codes.slice(at + 2);
			const colour = isPalette ? fromPalette(red) : nearest(red, green, blue);
			Object.assign(pen, code === 38 ? {front: colour} : {back: colour});
			at += isPalette ? 2 : 4;
		} else {
			plainColour(pen, code);
		}
	}
}

function plainColour(pen: Pen, code: number): void {
	const tone = code % 10;
	const tens = code - tone;
	if (![30, 40, 90, 100].includes(tens) || (tone > 7 && tone !== 9)) {
		return;
	}
	const colour = tone === 9 ? undefined : tone + (tens >= 90 ? 8 : 0);
	Object.assign(pen, tens === 30 || tens === 90 ? {front: colour} : {back: colour});
}

/** Of 256 colours: sixteen, a cube of 6×6×6, and a ramp of greys. */
function fromPalette(index: number): Colour {
	if (index < 16) {
		return index;
	}
	if (index >= 232) {
		const grey = 8 + (index - 232) * 10;
		return nearest(grey, grey, grey);
	}
	const part = (divisor: number) => Math.floor((index - 16) / divisor) % 6;
	const [red = 0, green = 0, blue = 0] = [part(36), part(6), part(1)].map(step =>
		step === 0 ? 0 : 55 + step * 40,
	);
	return nearest(red, green, blue);
}

/** The one of the sixteen that comes closest. */
function nearest(red: number, green: number, blue: number): Colour {
	const most = Math.max(red, green, blue);
	const isGrey = most - Math.min(red, green, blue) < 40;
	if (isGrey) {
		return most < 64 ? 0 : most < 150 ? 8 : most < 220 ? 7 : 15;
	}
	const hue = [red, green, blue].reduce(
		(bits, part, bit) => (part > most * 0.6 ? bits | (1 << bit) : bits),
		0,
	);
	return hue + (most > 200 ? 8 : 0);
}

function lookOf({front, back, on}: Pen): string {
	const colours = [
		front === undefined ? '' : `f${front}`,
		back === undefined ? '' : `b${back}`,
	].filter(name => name !== '');
	return [...colours, ...on].join(' ');
}
