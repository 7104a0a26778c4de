import type {Finding} from '../doctor/finding.js';
import {printable} from '../printable.js';
import {styled} from './output.js';

const styles = {ok: 'green', failed: 'red', note: 'yellow'} as const;
const [first, second] = [8, 12];

/** A finding for people: a line, and what to do about it on another. */
export function findingLines({name, verdict, detail, hint}: Finding): readonly string[] {
	const word =
		styled(styles[verdict], verdict, process.stdout) + ' '.repeat(first - verdict.length);
	const text = `${word}${printable(name).padEnd(second)}${printable(detail, 2000)}`;
	const lead = styled('cyan', 'hint:', process.stdout);
	return hint === undefined
		? [text]
		: [text, `${' '.repeat(first + second)}${lead} ${printable(hint, 2000)}`];
}

/** A finding as a line of `--json`; a note is nothing that has failed. */
export function findingEvent({name, verdict, detail, hint}: Finding): string {
	return JSON.stringify({event: 'check', name, ok: verdict !== 'failed', verdict, detail, hint});
}
