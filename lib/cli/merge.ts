import type {Config} from '../config/define.js';
import type {Flags} from './flags.js';
import {type Origin, type Origins, originIn, originOf} from './origins.js';
import type {FlagOptions} from './serve-options.js';

/** What the flags and the file come to together, but for routes. */
export interface Merged {
	readonly options: FlagOptions;
	readonly switches: Pick<Flags, 'open' | 'json' | 'quiet' | 'verbose'>;
	readonly origins: Origins;
}

const fields = [
	'port',
	'host',
	'names',
	'wait',
	'lane',
	'allow',
	'deny',
	'mtls',
	'clientCa',
	'token',
	'tokenFile',
	'auth',
	'authFile',
	'sameSiteOnly',
	'expose',
] as const;
const certificate = ['cert', 'key', 'pfx', 'passphrase', 'selfSigned', 'keyType'] as const;
const switches = ['open', 'json', 'quiet', 'verbose'] as const;

const flagNames: Readonly<Record<string, string>> = {
	names: 'name',
	clientCa: 'client-ca',
	tokenFile: 'token-file',
	authFile: 'auth-file',
	sameSiteOnly: 'same-site-only',
	selfSigned: 'self-signed',
	keyType: 'key-type',
};

const aliases: Readonly<Record<string, string>> = {port: 'p', cert: 'c', key: 'k'};

/**
 * Joins flags and file, field by field: a flag goes before the file.
 *
 * @param given the flags as options
 * @param file what the file is called
 */
export function merge(
	given: FlagOptions,
	flags: Flags,
	config: Config,
	file: string,
	args: readonly string[],
	env: NodeJS.ProcessEnv,
): Merged {
	const origins = new Map<string, Origin>();
	const fromFlag = (name: string) => originOf(flagNames[name] ?? name, aliases[name], args, env);
	const pick = <From extends object, Name extends keyof From & keyof Config & string>(
		from: From,
		names: readonly Name[],
		rest: Config,
	): Pick<From, Name> => {
		const picked: Partial<From> = {};
		for (const name of names) {
			const isFlag = from[name] !== undefined;
			const value = isFlag ? from[name] : rest[name];
			if (value !== undefined) {
				picked[name] = value as From[Name];
				origins.set(name, isFlag ? fromFlag(name) : originIn(file, name));
			}
		}
		return picked as Pick<From, Name>;
	};
	const limits = {...config.limits, ...given.limits};
	for (const name of Object.keys(limits)) {
		const isFlag = given.limits !== undefined && Object.hasOwn(given.limits, name);
		const path = `limits.${name}`;
		origins.set(path, isFlag ? fromFlag('limit') : originIn(file, path));
	}
	if (config.command !== undefined) {
		origins.set('command', originIn(file, 'command'));
	}
	const options = {
		...pick(given, fields, config),
		...pick(given, certificate, remaining(given, config)),
		...pick(given, ['certs'], config),
		limits,
	};
	return {options, switches: pick(flags, switches, config), origins};
}

/** Of the file's certificate, what a choice by flags leaves. */
function remaining(given: FlagOptions, config: Config): Config {
	const {pfx, selfSigned, cert, key} = given;
	const rest = {...config};
	const replaced =
		pfx !== undefined || selfSigned
			? certificate
			: cert !== undefined || key !== undefined
				? (['pfx', 'selfSigned', 'keyType'] as const)
				: [];
	for (const name of replaced) {
		delete rest[name];
	}
	return rest;
}
