import {nearest} from '../nearest.js';
import {inWords} from './in-words.js';
import type {ServeOptions} from './options.js';
import type {Problems} from './problems.js';

/** What a value has to be, before anybody looks at what it says. */
export interface Kind {
	/** Behind "expected". */
	readonly what: string;
	readonly fits: (value: unknown) => boolean;
	readonly hint: string;
}

const text = (hint: string): Kind => ({
	what: 'text',
	fits: value => typeof value === 'string',
	hint,
});

/** True or false. */
export const yesOrNo: Kind = {
	what: 'true or false',
	fits: value => typeof value === 'boolean',
	hint: 'without quotes',
};

/** Rules of who may connect. */
export const rules: Kind = {
	what: 'a rule or a list of rules',
	fits: value => typeof value === 'string' || isTexts(value),
	hint: 'such as "user=me", or ["user=me,exe=/usr/bin/curl", "address=172.17.0.0/16"]',
};

const file = text('name a file, as in "certs/localhost.pem"');

/** What each option has to be. */
export const optionKinds: Readonly<Record<keyof ServeOptions, Kind>> = {
	routes: {
		what: 'a backend or routes',
		fits: value => ['string', 'number'].includes(typeof value) || isObject(value),
		hint: 'such as 3000, or {"/": 3000, "/api": 4000}',
	},
	port: {
		what: 'a number or text',
		fits: value => typeof value === 'number' || typeof value === 'string',
		hint: 'such as 8443; 0 takes a free port',
	},
	host: text('such as "127.0.0.1"; leave it out to listen on loopback'),
	names: {
		what: 'a list of texts',
		fits: value => Array.isArray(value) && value.every(name => typeof name === 'string'),
		hint: 'such as ["app.localhost"]',
	},
	allow: rules,
	deny: rules,
	mtls: {
		what: 'true, false or a list of names',
		fits: value => typeof value === 'boolean' || isTexts(value),
		hint: 'such as true, or ["alice"] for her certificate only',
	},
	clientCa: file,
	token: {
		what: 'true, false or a token',
		fits: value => typeof value === 'boolean' || typeof value === 'string',
		hint: 'true makes one at each start',
	},
	tokenFile: file,
	auth: text('such as "user:password"'),
	authFile: file,
	sameSiteOnly: yesOrNo,
	expose: {
		what: 'true, false or "anyone"',
		fits: value => typeof value === 'boolean' || value === 'anyone',
		hint: 'true goes with a rule, a certificate, a token or a password; "anyone" is for everybody',
	},
	cert: file,
	key: file,
	pfx: file,
	passphrase: text('put it in quotes'),
	selfSigned: yesOrNo,
	keyType: text('ec or rsa'),
	certs: text('name a directory, as in "certs"'),
	lane: text('wire or message'),
	wait: {
		what: 'a number of seconds',
		fits: value => typeof value === 'number',
		hint: 'such as 5, without quotes; 0 answers at once while the backend is down',
	},
	limits: {
		what: 'an object of limits',
		fits: value => isObject(value) && !Array.isArray(value),
		hint: 'such as {"headSize": 65536}',
	},
	lastWords: {
		what: 'a function',
		fits: value => typeof value === 'function',
		hint: 'from the label of a backend to text',
	},
	signal: {
		what: 'an AbortSignal',
		fits: value => value instanceof AbortSignal,
		hint: 'take that of an AbortController',
	},
};

/**
 * Finds the fields that TypeScript would refuse, for those who write JavaScript or JSON.
 *
 * @returns the other ones
 */
export function soundFields(
	given: object,
	kinds: Readonly<Record<string, Kind>>,
	problems: Problems,
): Record<string, unknown> {
	const sound: Record<string, unknown> = {};
	for (const [name, value] of Object.entries(given)) {
		const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
		if (kind === undefined) {
			problems.add(
				name,
				`there is no such option, got ${inWords(value, name)}`,
				knownNames(name, Object.keys(kinds)),
			);
		} else if (value !== undefined && !kind.fits(value)) {
			problems.add(name, `expected ${kind.what}, got ${inWords(value, name)}`, kind.hint);
		} else if (value !== undefined) {
			sound[name] = value;
		}
	}
	return sound;
}

/** The hint for a name that is not known. */
export function knownNames(name: string, known: readonly string[]): string {
	const meant = nearest(name, known);
	return `${meant === undefined ? '' : `did you mean ${meant}? `}known are ${known.join(', ')}`;
}

function isTexts(value: unknown): boolean {
	return Array.isArray(value) && value.every(each => typeof each === 'string');
}

function isObject(value: unknown): value is object {
	return typeof value === 'object' && value !== null;
}
