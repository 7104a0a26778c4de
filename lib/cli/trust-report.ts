import type {Settled} from '../pki/trust/settle.js';
import {printable} from '../printable.js';

const happened: Readonly<Record<Settled['outcome'], string>> = {
	added: 'trusted now',
	removed: 'taken out',
	present: 'was trusted',
	absent: 'was not in it',
	planned: 'would be done',
	'needs-root': 'needs root',
	unusable: 'left alone',
	failed: 'failed',
	follows: 'as the system',
};

/** Whether a place is as it was asked to be. */
export function isDone({outcome}: Settled): boolean {
	return !['needs-root', 'unusable', 'failed', 'follows'].includes(outcome);
}

/**
 * The table of what happened, for people: a line for each place, and beneath it why, and what to do.
 *
 * @returns lines
 */
export function trustTable(places: readonly Settled[]): readonly string[] {
	const rows = places.map(
		settled => [settled.store, whatHappened(settled), settled.place] as const,
	);
	const head = ['store', 'what happened', 'where'] as const;
	const [first, second] = [0, 1].map(column =>
		Math.max(...[head, ...rows].map(row => (row[column] ?? '').length)),
	) as [number, number];
	const line = ([store, what, where]: readonly [string, string, string]) =>
		`${store.padEnd(first)}  ${what.padEnd(second)}  ${printable(where, 500)}`;
	const indent = ' '.repeat(first + 2);
	return [
		line(head),
		...rows.flatMap((row, index) => [
			line(row),
			...below(places[index]).map(text => `${indent}${printable(text, 4000)}`),
		]),
	];
}

function whatHappened({outcome, commands}: Settled): string {
	const needsRoot = outcome === 'planned' && commands.some(command => command.startsWith('sudo '));
	return needsRoot ? 'would need root' : happened[outcome];
}

/**
 * What is left to do, in a line.
 *
 * @param command what was called: `trust` or `untrust`
 * @returns `undefined` when nothing is
 */
export function unfinished(places: readonly Settled[], command: string): string | undefined {
	const left = places.filter(place => !isDone(place) && place.outcome !== 'follows').length;
	const needsRoot = places.some(({outcome}) => outcome === 'needs-root');
	const how = needsRoot && process.platform !== 'win32' ? `, or run sudo sealport ${command}` : '';
	return left === 0
		? undefined
		: `not finished: ${left === 1 ? 'one store is' : `${left} stores are`} left, see above${how}`;
}

function below(settled: Settled | undefined): readonly string[] {
	if (settled === undefined) {
		return [];
	}
	const {outcome, reason, hint, commands} = settled;
	const who = process.platform === 'win32' ? ' in PowerShell as administrator' : '';
	const lead = outcome === 'needs-root' ? [`run this now${who}, in this order:`] : [];
	return [
		...(reason === undefined ? [] : [reason]),
		...(commands.length === 0 ? [] : [...lead, ...commands.map(command => `  ${command}`)]),
		...(hint === undefined ? [] : [`hint: ${hint}`]),
	];
}

/** One place as a line of `--json`. */
export function placeEvent({gone, others, ...settled}: Settled): string {
	const [replaced, strange] = [gone, others].map(roots =>
		roots.map(({fingerprint}) => fingerprint),
	);
	return JSON.stringify({event: 'place', ...settled, replaced, others: strange});
}

/**
 * What to know of roots that are trusted and not of this store, each once.
 *
 * @returns lines
 */
export function strangers(places: readonly Settled[]): readonly string[] {
	const found = places.flatMap(({others}) => others);
	const each = new Map(found.map(({fingerprint, certificate}) => [fingerprint, certificate]));
	return Array.from(each, ([fingerprint, {subject}]) => {
		const name = printable(subject.replace(/^.*CN=/s, ''), 100);
		return `also trusted: ${name} (SHA-256 ${fingerprint.slice(0, 16)}…), of another directory or of one that is gone: sealport untrust --all takes out all of them`;
	});
}
