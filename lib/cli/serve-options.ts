import {parseLane} from '../config/options.js';
import {Problems} from '../config/problems.js';
import {UserError} from '../errors.js';
import type {ServeOptions} from '../index.js';
import {parseKeyType} from '../pki/key-type.js';
import {parseRouteFlag, type RouteFlag} from '../routing/route-flag.js';
import type {Flags} from './flags.js';

/** The options of `serve` that flags can set, but for routes. */
export type FlagOptions = Omit<ServeOptions, 'routes'>;

/**
 * Turns flags, which are text, into what `serve` takes.
 *
 * @throws ConfigError `option-invalid`, with all that is wrong
 */
export async function serveOptions(flags: Flags): Promise<FlagOptions> {
	const problems = new Problems();
	const options = await readFlags(flags, problems);
	problems.settle();
	return options;
}

/** The same; what is wrong is left out, and noted down by the names of the flags. */
export async function readFlags(flags: Flags, problems: Problems): Promise<FlagOptions> {
	const {port, host, name, limit, lane, wait} = flags;
	const {cert, key, pfx, passphrase, selfSigned, keyType, certs} = flags;
	const {allow, deny, mtls, clientCa, token, tokenFile, auth, authFile, sameSiteOnly} = flags;
	const read = <Value>(text: string | undefined, parse: (text: string) => Value) =>
		text === undefined ? undefined : problems.attempt(undefined, () => parse(text));
	const limitReader = limit === undefined ? undefined : await import('./limit-flag.js');
	return {
		port,
		host,
		names: name?.flatMap(separate),
		limits: problems.attempt(undefined, () =>
			limitReader?.limitsFrom((limit ?? []).flatMap(separate)),
		),
		wait: read(wait, seconds),
		lane: read(lane, parseLane),
		allow: allow?.flatMap(rulesIn),
		deny: deny?.flatMap(rulesIn),
		mtls: typeof mtls !== 'string' ? mtls : mtls === '' ? true : separate(mtls),
		clientCa,
		token: token === '' ? true : token,
		tokenFile,
		auth,
		authFile,
		sameSiteOnly,
		expose: flags.expose === false ? false : read(flags.expose, exposure),
		cert,
		key,
		pfx,
		passphrase,
		selfSigned,
		keyType: read(keyType, parseKeyType),
		certs,
	};
}

/** The routes of `--route`; what is wrong is left out, and noted down. */
export function readRouteFlags(texts: readonly string[], problems: Problems): readonly RouteFlag[] {
	const each = texts.flatMap(separate).filter(text => text !== '');
	return each.flatMap(text => problems.attempt('route', () => parseRouteFlag(text, 'route')) ?? []);
}

/** Semicolons are between rules, since commas are within. */
function rulesIn(text: string): string[] {
	return text.split(';').map(each => each.trim());
}

function exposure(text: string): boolean | 'anyone' {
	if (text === '' || text === 'anyone') {
		return text === '' ? true : text;
	}
	throw new UserError(
		'option-invalid',
		`expose: expected nothing or anyone, got ${JSON.stringify(text)}`,
		{
			hint: '--expose goes with --allow, --mtls, --token or --auth; --expose=anyone is for everybody',
		},
	);
}

/** What is given with commas between. */
function separate(text: string): string[] {
	return text.split(',').map(each => each.trim());
}

function seconds(text: string): number {
	if (!/^\d+(\.\d+)?$/.test(text)) {
		throw new UserError('option-invalid', `wait: expected seconds, got ${JSON.stringify(text)}`, {
			hint: 'such as --wait 30; 0 answers at once while the backend is down',
		});
	}
	return Number(text);
}

export type {RouteFlag};
