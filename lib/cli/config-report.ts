import {limitNames} from '../config/limits.js';
import {defaultPort, type Settings, validate} from '../config/options.js';
import type {ServeOptions} from '../index.js';
import {defaultDirectory} from '../pki/store/directory.js';
import {printable} from '../printable.js';
import {type Effective, shownPath} from './effective.js';
import {lookUp} from './origins.js';
import {styled} from './output.js';

/** A value, and where it has come from. */
interface Row {
	readonly name: string;
	readonly value: unknown;
	readonly source: string;
}

/** What `sealport config` says. */
export interface Report {
	readonly lines: readonly string[];
	readonly event: object;
	/** Whether no backend is named. */
	readonly isEmpty: boolean;
}

const longest = 2000;

const hidden = '(not shown)';

/** Describes what holds, for people and for programs; secrets are left out. */
export function describe(holds: Effective): Report {
	const {file, options} = holds;
	const isEmpty = options.length === 0;
	const tunnels = tunnelsOf(holds).map(each => describeTunnel(each, holds, isEmpty));
	const top = [['file', file === undefined ? 'none' : shownPath(file)]];
	const lines = tunnels.flatMap(({rows, routes}, index) => [
		...(index === 0 ? [] : ['']),
		...table([
			...(index === 0 ? top : []),
			...rows
				.filter(({value}) => value !== undefined)
				.map(({name, value, source}) => [name, textOf(value), source]),
		]),
		...(routes.length === 0
			? []
			: ['', ...table([['match', 'backend', 'lane', 'from'], ...routes], true)]),
	]);
	const events = tunnels.map(({rows, event}) => ({
		options: Object.fromEntries(
			rows.map(({name, value, source}) => [name, {value: value ?? null, source}]),
		),
		routes: event,
	}));
	return {lines, event: {event: 'config', file: file ?? null, tunnels: events}, isEmpty};
}

/** What each tunnel would go by; one with any backend where none is named. */
export function tunnelsOf({options, common}: Effective): readonly ServeOptions[] {
	return options.length === 0 ? [{...common, routes: 1}] : options;
}

function describeTunnel(options: ServeOptions, holds: Effective, isEmpty: boolean) {
	const settings = validate(options);
	const sourceOf = (path: string) => lookUp(holds.origins, path)?.origin.source ?? 'default';
	const rows = rowsOf(options, settings, holds).map(([name, value]): Row => {
		return {name, value, source: sourceOf(name)};
	});
	const given = Array.isArray(options.routes) ? options.routes : [];
	const indices = given.flatMap((route: {match?: unknown}, index) =>
		[route.match ?? '/'].flat().map(() => index),
	);
	const shown = isEmpty ? [] : settings.routes;
	const event = shown.map(({match, backend, proxy, stripPrefix, rewrite, allow, deny}, index) => ({
		match: match.text,
		backend: backend.label,
		lane: settings.lane === 'message' || proxy !== undefined ? 'message' : 'wire',
		stripPrefix,
		rewritten: rewrite !== undefined,
		options: Object.keys(proxy ?? {}),
		allow,
		deny,
		source: sourceOf(`routes[${indices[index]}]`),
	}));
	const routes = event.map(({match, backend, lane, options: names, allow, deny, source}) => {
		const ruled = [...(allow.length > 0 ? ['allow'] : []), ...(deny.length > 0 ? ['deny'] : [])];
		const special = [...names, ...ruled];
		return [
			match,
			backend,
			special.length === 0 ? lane : `${lane} (${special.join(', ')})`,
			source,
		];
	});
	return {rows, routes, event};
}

function rowsOf(
	options: ServeOptions,
	settings: Settings,
	{flags, command}: Effective,
): ReadonlyArray<readonly [name: string, value: unknown]> {
	const {cert, key, pfx, passphrase, selfSigned, keyType, certs} = options;
	const {rules, mtls, token, tokenFile, auth, authFile, sameSiteOnly, expose} = settings.access;
	return [
		['port', settings.port ?? defaultPort],
		['host', settings.host],
		['names', settings.names],
		['wait', settings.wait / 1000],
		['lane', settings.lane],
		...limitNames.map(name => [`limits.${name}`, settings.limits[name]] as const),
		['allow', rules.allow],
		['deny', rules.deny],
		['mtls', mtls === undefined ? false : mtls.names.length === 0 ? true : mtls.names],
		['clientCa', mtls?.ca],
		['token', typeof token === 'string' ? hidden : token],
		['tokenFile', tokenFile],
		['auth', auth === undefined ? undefined : hidden],
		['authFile', authFile],
		['sameSiteOnly', sameSiteOnly],
		['expose', expose],
		['cert', cert],
		['key', key],
		['pfx', pfx],
		['passphrase', passphrase === undefined ? undefined : hidden],
		['selfSigned', selfSigned ?? false],
		['keyType', keyType ?? 'ec'],
		['certs', certs ?? defaultDirectory()],
		['open', flags.open ?? false],
		['json', flags.json ?? false],
		['quiet', flags.quiet ?? false],
		['verbose', flags.verbose ?? false],
		['command', command],
	];
}

function textOf(value: unknown): string {
	if (Array.isArray(value)) {
		return value.length === 0 ? 'none' : value.join(', ');
	}
	return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);
}

/** Columns as wide as what is in them. */
function table(rows: ReadonlyArray<readonly string[]>, hasHead = false): string[] {
	const safe = rows.map(row => row.map(cell => printable(cell, longest)));
	const widths = safe.reduce<number[]>(
		(all, row) =>
			Array.from({length: Math.max(all.length, row.length)}, (_, index) =>
				Math.max(all[index] ?? 0, row[index + 1] === undefined ? 0 : (row[index]?.length ?? 0)),
			),
		[],
	);
	return safe.map((row, at) =>
		row
			.map((cell, index) => {
				const padded = index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0);
				const isDim = hasHead ? at === 0 : index === 0 || index === 2;
				return isDim ? styled('dim', padded, process.stdout) : padded;
			})
			.join('  '),
	);
}
