import {median, ratio} from '../measure/statistics.js';
import type {Result, Row} from '../scenarios/scenario.js';
import type {Verdict} from './claims.js';
import type {Entrant} from './report.js';

/** The peers that others are compared with. */
const bases = ['nginx', 'HAProxy'];

const three = (value: number): string =>
	Number.isNaN(value)
		? '-'
		: value === 0
			? '0'
			: value >= 100
				? value.toFixed(0)
				: value.toPrecision(3);

const columns = (lines: readonly (readonly string[])[]): string => {
	const widths = (lines[0] ?? []).map((_, at) =>
		Math.max(...lines.map(line => (line[at] ?? '').length)),
	);
	return lines
		.map(line =>
			line
				.map((cell, at) =>
					at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0),
				)
				.join('  ')
				.trimEnd(),
		)
		.join('\n');
};

const measured = (row: Row): readonly number[] => row.rounds.filter(each => each !== undefined);

/** A scenario's figures: the median of the rounds, their range, and the ratios to other peers. */
export function scenarioTable({scenario, title, unit, rows}: Result): string {
	const compared = bases.flatMap(name => rows.find(({peer}) => peer === name) ?? []);
	const further = [...new Set(rows.flatMap(({more}) => Object.keys(more ?? {})))];
	const lines = rows.map(row => {
		const values = measured(row);
		return [
			row.peer,
			three(median(values)),
			values.length > 1 ? `${three(Math.min(...values))}-${three(Math.max(...values))}` : '',
			...compared.map(base => three(ratio(row.rounds, base.rounds))),
			...further.map(name => three(row.more?.[name] ?? Number.NaN)),
		];
	});
	const header = ['', unit, 'range', ...compared.map(({peer}) => `× ${peer}`), ...further];
	const notes = rows.flatMap(({peer, note}) => (note === undefined ? [] : [`  ${peer}: ${note}`]));
	return [`${scenario}: ${title}`, columns([header, ...lines]), ...notes, ''].join('\n');
}

/** Who took part, with version and settings, and who did not. */
export function entrantTable(entrants: readonly Entrant[]): string {
	return entrants
		.map(({name, version, settings, agreed, missing}) =>
			missing === undefined
				? `${name}\n    ${version}; ${settings}\n    ${agreed}`
				: `${name}\n    left out: ${missing}`,
		)
		.join('\n');
}

/** What was to hold, and whether it does. */
export function verdictTable(all: readonly Verdict[]): string {
	return columns(
		all.map(({scenario, peer, unit, measured, limit, holds}) => [
			`${scenario}, ${peer}`,
			`${three(measured)} ${unit}`,
			`at most ${limit}`,
			holds ? 'holds' : 'MISSED',
		]),
	);
}
