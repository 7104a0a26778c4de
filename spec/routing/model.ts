/** A route of the model: what it matches, taken apart. */
export interface ModelRoute {
	readonly text: string;
	/** `*.test` for all below it; empty for every host. */
	readonly host: string;
	readonly segments: readonly string[];
}

/** What a server may do with a path, or not. */
const habits = [
	'overlong',
	'endsAtNul',
	'decodesBackslash',
	'decodesSlash',
	'backslashIsSlash',
	'decodesSemicolon',
	'cutsParameters',
	'foldsFirst',
] as const;
type Habit = (typeof habits)[number];

/** Every server that there may be. */
const servers: ReadonlyArray<ReadonlySet<Habit>> = Array.from(
	{length: 2 ** habits.length},
	(_, bits) => new Set(habits.filter((_habit, index) => (bits >> index) % 2 === 1)),
);

const data = {slash: '\ue000', backslash: '\ue001', semicolon: '\ue002'};

/** What a server takes a path for, segment by segment; empty ones are still there. */
function read(path: string, server: ReadonlySet<Habit>): string[] {
	const is = (habit: Habit) => server.has(habit);
	const text = is('overlong') ? path.replace(/%c0%af/gi, '%2f').replace(/%c0%ae/gi, '.') : path;
	let whole = '';
	for (const token of text.match(/%[\da-f]{2}|./gi) ?? []) {
		const isEncoded = token.length === 3;
		const octet = isEncoded ? String.fromCharCode(Number.parseInt(token.slice(1), 16)) : token;
		const asSlash = is('backslashIsSlash') ? '/' : data.backslash;
		if (isEncoded && octet === '\0' && is('endsAtNul')) {
			break;
		}
		if (octet === '/') {
			whole += isEncoded && !is('decodesSlash') ? data.slash : '/';
		} else if (octet === '\\') {
			whole += isEncoded && !is('decodesBackslash') ? data.backslash : asSlash;
		} else if (octet === ';') {
			whole += isEncoded && !is('decodesSemicolon') ? data.semicolon : ';';
		} else {
			whole += octet;
		}
	}
	const segments = whole.split('/').slice(1);
	return is('cutsParameters') ? segments.map(segment => segment.split(';')[0] ?? '') : segments;
}

function resolve(segments: readonly string[]): string[] {
	const kept: string[] = [];
	for (const segment of segments) {
		if (segment === '..') {
			kept.pop();
		} else if (segment !== '.') {
			kept.push(segment);
		}
	}
	return kept.filter(segment => segment !== '');
}

function isPrefix(short: readonly string[], long: readonly string[]): boolean {
	return short.every((segment, index) => segment === long[index]);
}

function find(routes: readonly ModelRoute[], host: string, path: readonly string[]) {
	const isFor = (route: ModelRoute) =>
		route.host === '' ||
		route.host === host ||
		(route.host.startsWith('*') &&
			host.endsWith(route.host.slice(1)) &&
			host.length >= route.host.length);
	// All wildcards are longer the more exact they are.
	const rank = ({host: own}: ModelRoute) => (own === host ? 1000 : own.length);
	return routes
		.filter(route => isFor(route) && isPrefix(route.segments, path))
		.sort((a, b) => rank(b) - rank(a) || b.segments.length - a.segments.length)[0];
}

/**
 * Asks every server there may be for the route of a path.
 *
 * @returns its text, `undefined` for none, or `refused` where they disagree
 */
export function matchByModel(
	routes: readonly ModelRoute[],
	host: string,
	path: string,
): string | undefined {
	const found = new Set<ModelRoute | undefined>();
	const references = new Set<ModelRoute | undefined>();
	for (const server of servers) {
		const segments = read(path, server);
		const folded = server.has('foldsFirst') ? segments.filter(segment => segment !== '') : segments;
		found.add(find(routes, host, resolve(folded)));
		if (segments[0] === '' && segments.length > 1) {
			const start = segments.findIndex(segment => segment !== '');
			for (const rest of start < 0 ? [[]] : [segments.slice(start + 1)]) {
				references.add(find(routes, host, resolve(rest)));
				references.add(find(routes, host, resolve(rest.filter(segment => segment !== ''))));
			}
		}
	}
	const [route] = found;
	const leadsOut = (other: ModelRoute | undefined) =>
		other === undefined ||
		other === route ||
		(route !== undefined && isPrefix(other.segments, route.segments));
	return found.size === 1 && [...references].every(leadsOut) ? route?.text : 'refused';
}
