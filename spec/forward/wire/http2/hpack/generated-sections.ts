import {type Random, randomFrom} from '../../../../fuzz/random.js';

/** A header section as it is given to an encoder. */
export interface GeneratedSection {
	/** Pseudo-headers first; fields of the same name stand side by side, as Node writes them. */
	readonly fields: ReadonlyArray<readonly [name: string, value: string]>;
	/** Names of fields that are never to be indexed. */
	readonly sensitive: readonly string[];
}

const common: ReadonlyArray<readonly [name: string, ...values: string[]]> = [
	[
		'user-agent',
		'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
		'curl/8.9.1',
	],
	['accept', '*/*', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'],
	['accept-encoding', 'gzip, deflate', 'gzip, deflate, br, zstd'],
	['accept-language', 'en-US,en;q=0.5', ''],
	['cache-control', 'no-cache', 'max-age=0'],
	['if-none-match', 'W/"1a2b-18f0c3"', '"x"'],
	['sec-fetch-mode', 'navigate', 'cors'],
	['priority', 'u=0, i', 'u=4'],
	['authorization', 'Basic dXNlcjpwYXNz'],
	['x-empty', ''],
];

/** Names that may come several times. */
const repeated = ['cookie', 'via', 'x-repeated', 'link'];

const tokens = [..."abcdefghijklmnopqrstuvwxyz0123456789-_.!#$%&'*+^`|~"];
const visible = Array.from({length: 94}, (_, index) => String.fromCharCode(0x21 + index));
const ordinary = [...'abcdefghijklmnopqrstuvwxyz0123456789 /=-_;,.'];
const anything = [
	...visible,
	...Array.from({length: 128}, (_, index) => String.fromCharCode(0x80 + index)),
	'\t',
	' ',
];

/** @param least octets that it has at least */
function text(random: Random, signs: readonly string[], least: number, most: number): string {
	const length = least + random.below(most - least);
	return Array.from({length}, () => random.pick(signs)).join('');
}

function value(random: Random): string {
	if (random.chance(0.001)) {
		return text(random, ordinary, 3000, 6000).trim();
	}
	const signs = random.pick([visible, ordinary, ordinary, anything]);
	return text(random, signs, 0, random.pick([4, 20, 60, 200])).trim();
}

/** Sections without end, as a client might send them: much comes again, much does not. */
export function sectionsFrom(seed: number): () => GeneratedSection {
	const random = randomFrom(seed);
	const names = Array.from({length: 60}, () => `x-${text(random, tokens, 1, 30)}`);
	const values = Array.from({length: 60}, () => value(random));
	const someValue = () => (random.chance(0.7) ? random.pick(values) : value(random));
	return () => {
		const fields = new Map<string, string[]>([
			[':method', [random.pick(['GET', 'GET', 'POST', 'PURGE'])]],
			[':authority', [random.pick(['localhost', 'localhost:8443', 'www.example.com'])]],
			[':scheme', [random.pick(['http', 'https'])]],
			[':path', [random.pick(['/', '/index.html', `/src/${text(random, tokens, 1, 40)}`])]],
		]);
		for (let count = random.below(14); count > 0; count--) {
			const [name, ...known] = random.pick(common);
			fields.set(name, [random.chance(0.8) ? random.pick(known) : value(random)]);
		}
		for (let count = random.below(6); count > 0; count--) {
			const isNew = random.chance(0.2);
			fields.set(isNew ? `x-${text(random, tokens, 1, 60)}` : random.pick(names), [someValue()]);
		}
		if (random.chance(0.3)) {
			fields.set(random.pick(repeated), Array.from({length: 1 + random.below(4)}, someValue));
		}
		const present = [...fields.keys()];
		return {
			fields: present.flatMap(name => (fields.get(name) ?? []).map(one => [name, one] as const)),
			sensitive: random.chance(0.2) ? [random.pick(present)] : [],
		};
	};
}
