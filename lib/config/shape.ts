import {UserError} from '../errors.js';
import type {ServeOptions} from './options.js';

type Kind = readonly [what: string, fits: (value: unknown) => boolean];

const text: Kind = ['text', value => typeof value === 'string'];
const numberOrText: Kind = [
	'a number or text',
	value => typeof value === 'number' || typeof value === 'string',
];

/** What each option has to be, before anybody looks at what it says. */
const kinds: Readonly<Record<keyof ServeOptions, Kind>> = {
	routes: ['a backend or routes', value => value !== undefined],
	lastWords: ['a function', value => typeof value === 'function'],
	port: numberOrText,
	host: text,
	names: [
		'a list of texts',
		value => Array.isArray(value) && value.every(name => typeof name === 'string'),
	],
	cert: text,
	key: text,
	pfx: text,
	passphrase: text,
	selfSigned: ['true or false', value => typeof value === 'boolean'],
	keyType: text,
	certs: text,
	lane: text,
	wait: ['a number of seconds', value => typeof value === 'number'],
	limits: [
		'an object of limits',
		value => typeof value === 'object' && value !== null && !Array.isArray(value),
	],
	signal: ['an AbortSignal', value => value instanceof AbortSignal],
};

/**
 * Refuses options that TypeScript would refuse, for those who write JavaScript.
 *
 * @throws UserError `option-invalid`
 */
export function checkShape(options: unknown): asserts options is ServeOptions {
	if (typeof options !== 'object' || options === null || !('routes' in options)) {
		throw new UserError('option-invalid', 'routes: expected a backend', {
			hint: 'such as serve({routes: 3000})',
		});
	}
	for (const [name, value] of Object.entries(options)) {
		const kind = Object.hasOwn(kinds, name) ? kinds[name as keyof ServeOptions] : undefined;
		if (kind === undefined) {
			throw new UserError('option-invalid', `${name}: there is no such option`, {
				hint: `known are ${Object.keys(kinds).join(', ')}`,
			});
		}
		const [what, fits] = kind;
		if (value !== undefined && !fits(value)) {
			const given = name === 'passphrase' ? typeof value : JSON.stringify(value);
			throw new UserError('option-invalid', `${name}: expected ${what}, got ${given}`);
		}
	}
}
