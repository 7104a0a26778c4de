import {inWords} from './in-words.js';
import type {Problems} from './problems.js';
import {knownNames} from './shape.js';

/** Bounds on what one client, and all of them together, may take. */
export interface Limits {
	/** Largest head of a request, in bytes. */
	readonly headSize: number;
	/** Most header fields of a request. */
	readonly fields: number;
	/** How long a connection may take for its handshake, in milliseconds. */
	readonly handshake: number;
	/** How long a request's head may take, in milliseconds. */
	readonly head: number;
	/** How long a connection may stay open without a request, in milliseconds. */
	readonly idle: number;
	/** Most connections from clients at a time; further ones are closed unanswered. */
	readonly connections: number;
}

/** What a limit counts. */
export type Unit = 'bytes' | 'milliseconds' | 'count';

/** What a limit may be. */
export interface Bounds {
	readonly unit: Unit;
	readonly otherwise: number;
	readonly least: number;
	readonly most: number;
}

const day = 86_400_000;

/** Every limit: its default, and the values that can be meant. */
export const limitBounds: Readonly<Record<keyof Limits, Bounds>> = {
	headSize: {unit: 'bytes', otherwise: 65_536, least: 1024, most: 16_777_216},
	fields: {unit: 'count', otherwise: 200, least: 10, most: 10_000},
	handshake: {unit: 'milliseconds', otherwise: 10_000, least: 100, most: day},
	head: {unit: 'milliseconds', otherwise: 30_000, least: 100, most: day},
	idle: {unit: 'milliseconds', otherwise: 120_000, least: 100, most: day},
	connections: {unit: 'count', otherwise: 16_384, least: 1, most: 1_000_000},
};

/** Their names. */
export const limitNames = Object.keys(limitBounds) as ReadonlyArray<keyof Limits>;

/** What each unit is called in an error's text. */
const called: Readonly<Record<Unit, string>> = {
	bytes: 'a whole number of bytes',
	milliseconds: 'a whole number of milliseconds',
	count: 'a whole number',
};

/** Whether a limit may have this value. */
export function fitsLimit(name: keyof Limits, value: unknown): value is number {
	const {least, most} = limitBounds[name];
	return Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
}

/** Reads limits, and adds the defaults of those that are not given or wrong. */
export function readLimits(given: object, problems: Problems): Limits {
	const limits = Object.fromEntries(
		limitNames.map(name => [name, limitBounds[name].otherwise]),
	) as Record<keyof Limits, number>;
	for (const [key, value] of Object.entries(given) as Array<[string, unknown]>) {
		const name = limitNames.find(known => known === key);
		const path = `limits.${key}`;
		if (name === undefined) {
			const hint = knownNames(key, limitNames);
			problems.add(path, `there is no such limit, got ${inWords(value)}`, hint);
		} else if (value !== undefined && fitsLimit(name, value)) {
			limits[name] = value;
		} else if (value !== undefined) {
			const {unit, least, most, otherwise} = limitBounds[name];
			problems.add(
				path,
				`expected ${called[unit]} from ${least} to ${most}, got ${inWords(value)}`,
				`leave it out for ${otherwise}`,
			);
		}
	}
	return limits;
}
