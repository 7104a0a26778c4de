/** How much is kept: enough for a long stack, little enough for a page. */
const most = {lines: 100, characters: 24_000};

/** Keeps the last of what a program prints. */
export interface LastLines {
	add(text: string): void;
	/** As a terminal got it; empty when nothing has been printed. */
	text(): string;
}

export function lastLines(): LastLines {
	let kept = '';
	return {
		add(text) {
			kept += text;
			if (kept.length > 2 * most.characters) {
				kept = endOf(kept);
			}
		},
		text() {
			return endOf(kept);
		},
	};
}

/** Whole lines, unless one alone is too long. */
function endOf(text: string): string {
	const short = text.slice(-most.characters);
	const whole = short.length < text.length ? short.slice(short.indexOf('\n') + 1) : short;
	const lines = whole.split('\n');
	const isOpen = lines.at(-1) !== '';
	return lines.slice(-most.lines - (isOpen ? 0 : 1)).join('\n');
}
