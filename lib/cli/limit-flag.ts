import {fitsLimit, type Limits, limitBounds, limitNames, type Unit} from '../config/limits.js';
import {UserError} from '../errors.js';
import {nearest} from '../nearest.js';
import {limitFlagName} from './flags.js';

/** What follows a number, and how much it stands for; an empty one for a number alone. */
const scales: Readonly<Record<Unit, Readonly<Record<string, number>>>> = {
	bytes: {m: 1_048_576, k: 1024, '': 1},
	milliseconds: {h: 3_600_000, m: 60_000, s: 1000, ms: 1, '': 1000},
	count: {'': 1},
};

const forms: Readonly<Record<Unit, string>> = {
	bytes: 'a size such as 64k, 1m or bytes,',
	milliseconds: 'a duration such as 500ms, 30s, 2m, 1h or seconds,',
	count: 'a whole number',
};

/**
 * Reads the values of `--limit`, each `name=value`; of a name that is given twice, the last one counts.
 *
 * @throws UserError `option-invalid`, naming limit and value
 */
export function limitsFrom(texts: readonly string[]): Partial<Limits> {
	const limits: Partial<Record<keyof Limits, number>> = {};
	for (const text of texts.filter(each => each !== '')) {
		const [, given = text, value] = /^(.*?)\s*=\s*(.*)$/s.exec(text) ?? [];
		const name = limitNames.find(known => limitFlagName(known) === given);
		if (name === undefined) {
			const names = limitNames.map(limitFlagName);
			const meant = nearest(given, names);
			throw new UserError('option-invalid', `limit: there is no limit ${JSON.stringify(given)}`, {
				hint: `${meant === undefined ? '' : `did you mean ${meant}? `}known are ${names.join(', ')}`,
			});
		}
		limits[name] = read(name, value);
	}
	return limits;
}

function read(name: keyof Limits, text: string | undefined): number {
	const {unit, otherwise, least, most} = limitBounds[name];
	const [, digits = '', suffix = ''] = /^(\d+(?:\.\d+)?)([a-z]*)$/i.exec(text ?? '') ?? [];
	const scale = scales[unit][suffix.toLowerCase()];
	const value = digits === '' || scale === undefined ? Number.NaN : Number(digits) * scale;
	if (!fitsLimit(name, value)) {
		const [from, to, usual] = [least, most, otherwise].map(each => shown(each, unit));
		const got = text === undefined ? 'nothing' : JSON.stringify(text);
		throw new UserError(
			'option-invalid',
			`limit: expected ${limitFlagName(name)} to be ${forms[unit]} from ${from} to ${to}, got ${got}`,
			{hint: `such as --limit ${limitFlagName(name)}=${usual}, which is the default`},
		);
	}
	return value;
}

/** In the largest unit that leaves a whole number. */
function shown(value: number, unit: Unit): string {
	const whole = Object.entries(scales[unit]).find(
		([suffix, scale]) => suffix !== '' && value % scale === 0,
	);
	return whole === undefined ? String(value) : `${value / whole[1]}${whole[0]}`;
}
