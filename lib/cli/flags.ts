import type {Options} from 'yargs';
import {type Limits, limitNames} from '../config/limits.js';
import {ConfigError} from '../config/problems.js';
import {UserError} from '../errors.js';

const listening = 'Listening:';
/** Heading of what concerns certificates. */
export const tls = 'Certificate:';
const access = 'Who may connect:';
/** Heading of what concerns the terminal. */
export const output = 'Output:';

/** Given more than once, the last one counts, as everywhere; a repeatable flag takes them all. */
const last = (given: string | string[]): string | undefined =>
	Array.isArray(given) ? given.at(-1) : given;

/** A flag with a value. */
export const repeatable = {type: 'string', requiresArg: true} as const;
/** One that counts once. */
export const value = {...repeatable, coerce: last} as const;

/** One whose value may be left out: it comes behind `=` only, lest it take what follows. */
export const optional = {type: 'string', coerce: last} as const;

/** One that is wanted seldom: `--help --all` shows it. */
const seldom = {hidden: true} as const;

/** What a limit is called on the command line. */
export function limitFlagName(name: keyof Limits): string {
	return name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);
}

/** The flags that every command which serves understands. */
export const flags = {
	port: {...value, alias: 'p', group: listening, describe: 'port; 0 takes a free one [62893]'},
	host: {...value, group: listening, describe: 'address to listen on [127.0.0.1 and ::1]'},
	name: {
		...repeatable,
		array: true,
		group: listening,
		describe: 'host name to serve besides localhost; repeatable',
	},
	wait: {...value, group: listening, describe: 'seconds to hold requests for a backend [5]'},
	limit: {
		...repeatable,
		...seldom,
		array: true,
		group: listening,
		describe: `name=value, repeatable: ${limitNames.map(limitFlagName).join(', ')}`,
	},
	lane: {
		...value,
		...seldom,
		group: listening,
		describe: 'how to forward: wire, or message [wire]',
	},
	allow: {
		...repeatable,
		array: true,
		group: access,
		describe: 'user=, exe=, pid=, address=...; repeatable',
	},
	deny: {
		...repeatable,
		...seldom,
		array: true,
		group: access,
		describe: 'the same, for who may not',
	},
	mtls: {
		...optional,
		group: access,
		describe: 'ask for a client certificate; =alice,bob for theirs',
	},
	'client-ca': {...value, ...seldom, group: access, describe: 'authorities of those, PEM'},
	token: {...optional, group: access, describe: 'ask for a token, made at start; or =<token>'},
	'token-file': {...value, ...seldom, group: access, describe: 'file with the token'},
	auth: {...value, group: access, describe: 'ask for user:password; best as SEALPORT_AUTH'},
	'auth-file': {...value, ...seldom, group: access, describe: 'file with lines of user:password'},
	'same-site-only': {
		type: 'boolean',
		group: access,
		describe: 'refuse what pages of other origins send',
	},
	expose: {...optional, group: access, describe: 'listen beyond loopback; =anyone for everybody'},
	cert: {...value, alias: 'c', group: tls, describe: 'your own certificate, PEM'},
	key: {...value, alias: 'k', group: tls, describe: 'its private key, PEM'},
	pfx: {...value, ...seldom, group: tls, describe: 'your own certificate and key, PKCS#12'},
	passphrase: {...value, ...seldom, group: tls, describe: 'opens an encrypted --key or --pfx'},
	'self-signed': {
		type: 'boolean',
		...seldom,
		group: tls,
		describe: 'one certificate that signs itself',
	},
	'key-type': {...value, ...seldom, group: tls, describe: 'ec, or rsa for old clients [ec]'},
	certs: {...value, group: tls, describe: 'directory for the certificates made here'},
	open: {type: 'boolean', group: output, describe: 'open the browser'},
	json: {type: 'boolean', group: output, describe: 'one JSON object a line on stdout'},
	quiet: {type: 'boolean', group: output, describe: 'errors only'},
	verbose: {type: 'boolean', group: output, describe: 'a line for every request'},
} as const satisfies Record<string, Options>;

/** The flags of `env`. */
export const envFlags = {
	shell: {...value, group: output, describe: 'sh, fish or powershell [by $SHELL]'},
	certs: flags.certs,
	json: {...flags.json, describe: 'one JSON object instead of commands for a shell'},
	verbose: {...flags.verbose, describe: 'more about an error, for a bug report'},
} as const satisfies Record<string, Options>;

/** The flags of `doctor`. */
export const doctorFlags = {
	port: {...flags.port, describe: 'the port that sealport would listen on [62893]'},
	cert: flags.cert,
	key: flags.key,
	pfx: flags.pfx,
	passphrase: flags.passphrase,
	certs: flags.certs,
	json: flags.json,
	quiet: {...flags.quiet, describe: 'only what has failed'},
	verbose: envFlags.verbose,
} as const satisfies Record<string, Options>;

/** The flags of commands that take routes and a configuration file. */
export const routeFlags = {
	route: {
		...repeatable,
		array: true,
		group: listening,
		describe: 'match=backend, as in /api=4000 or api.localhost=4000; repeatable',
	},
	config: {
		...value,
		alias: 'o',
		group: listening,
		describe: 'configuration file [sealport.config.*, package.json]',
	},
} as const satisfies Record<string, Options>;

/** The flags of `run`. */
export const runFlags = {
	...flags,
	...routeFlags,
	restart: {type: 'boolean', group: output, describe: 'start it again when it crashes'},
} as const satisfies Record<string, Options>;

/** What `--help` says in one line; it is for those who come from elsewhere. */
const old = {...value, hidden: true} as const;

/** The flags that make switching from local-ssl-proxy a change of one word. */
export const oldFlags = {
	source: {...old, alias: 's', describe: 'port to listen on [9001]'},
	target: {...old, alias: 't', describe: 'port of the backend [9000]'},
	hostname: {...old, alias: 'n', describe: 'host of the backend [localhost]'},
} as const satisfies Record<string, Options>;

/** The flags of the default command. */
export const wrapFlags = {...flags, ...routeFlags, ...oldFlags} as const satisfies Record<
	string,
	Options
>;

/** What the flags come to. */
export interface Flags {
	readonly port?: string | undefined;
	readonly host?: string | undefined;
	readonly name?: readonly string[] | undefined;
	readonly route?: readonly string[] | undefined;
	readonly wait?: string | undefined;
	readonly limit?: readonly string[] | undefined;
	readonly lane?: string | undefined;
	readonly open?: boolean | undefined;
	readonly cert?: string | undefined;
	readonly key?: string | undefined;
	readonly pfx?: string | undefined;
	readonly passphrase?: string | undefined;
	readonly selfSigned?: boolean | undefined;
	readonly keyType?: string | undefined;
	readonly certs?: string | undefined;
	readonly allow?: readonly string[] | undefined;
	readonly deny?: readonly string[] | undefined;
	/** '' where it has no value; `false` where the environment says no. */
	readonly mtls?: string | false | undefined;
	readonly clientCa?: string | undefined;
	/** '' where it has no value; `false` where the environment says no. */
	readonly token?: string | false | undefined;
	readonly tokenFile?: string | undefined;
	readonly auth?: string | undefined;
	readonly authFile?: string | undefined;
	readonly sameSiteOnly?: boolean | undefined;
	/** '' where it has no value; `false` where the environment says no. */
	readonly expose?: string | false | undefined;
	readonly json?: boolean | undefined;
	readonly quiet?: boolean | undefined;
	readonly verbose?: boolean | undefined;
	readonly source?: string | undefined;
	readonly target?: string | undefined;
	readonly hostname?: string | undefined;
	readonly config?: string | undefined;
}

/** Whether a flag is there that only local-ssl-proxy has. */
export function asksForOldWays({source, target, hostname}: Flags): boolean {
	return [source, target, hostname].some(value => value !== undefined);
}

/** The flags whose value may be left out. */
export function isOptional(flag: string): boolean {
	return ['mtls', 'token', 'expose'].includes(flag);
}

const truths: Readonly<Record<string, boolean>> = {'1': true, true: true, '0': false, false: false};

/** Whether a variable of the environment says yes. */
export function isTrue(variable: string | undefined): boolean {
	return truths[variable?.toLowerCase() ?? ''] ?? false;
}

/**
 * Reads `SEALPORT_<FLAG>` from the environment; a repeatable flag takes its values with commas
 * between. An empty variable counts as not set.
 *
 * @param known the flags to look for
 * @throws UserError `option-invalid` for a switch that is neither true nor false
 */
export function fromEnvironment(
	env: NodeJS.ProcessEnv,
	known: Readonly<Record<string, Options>>,
): Record<string, string | boolean | string[]> {
	const found: Record<string, string | boolean | string[]> = {};
	for (const [flag, {type, array}] of Object.entries(known)) {
		const variable = variableOf(flag);
		const value = env[variable];
		if (value === undefined || value === '') {
			continue;
		}
		if (type === 'boolean') {
			const truth = truths[value.toLowerCase()];
			if (truth === undefined) {
				throw new UserError(
					'option-invalid',
					`${variable}: expected true or false, got ${JSON.stringify(value)}`,
					{hint: 'set it to true or false, or take it out of the environment'},
				);
			}
			found[flag] = truth;
		} else if (isOptional(flag)) {
			const truth = truths[value.toLowerCase()];
			// What says no is given as well: the configuration file may say yes.
			found[flag] = truth === undefined ? value : truth && '';
		} else {
			found[flag] = array ? [value] : value;
		}
	}
	return found;
}

/** The variable that sets a flag. */
export function variableOf(flag: string): string {
	return `SEALPORT_${flag.replaceAll('-', '_').toUpperCase()}`;
}

/**
 * Names the variable in an error about a flag, where the value has come from the environment.
 *
 * @param args the command line
 * @param known the flags that it takes
 */
export function namingVariable(
	error: unknown,
	args: readonly string[],
	known: Readonly<Record<string, Options>>,
	env: NodeJS.ProcessEnv = process.env,
): unknown {
	if (error instanceof ConfigError && error.code === 'option-invalid') {
		const problems = error.problems.map(problem => {
			const flag = flagOf(problem.path, known);
			return flag !== undefined && isSet(flag) ? {...problem, path: variableOf(flag)} : problem;
		});
		return new ConfigError(problems);
	}
	if (!(error instanceof UserError) || error instanceof ConfigError) {
		return error;
	}
	const [, flag = '', rest = ''] = /^([a-z\d-]+)(: .*)$/s.exec(error.message) ?? [];
	if (!isSet(flag)) {
		return error;
	}
	return new UserError(error.code, `${variableOf(flag)}${rest}`, {
		...(error.hint === undefined ? {} : {hint: error.hint}),
		cause: error,
	});

	function isSet(flag: string): boolean {
		const {alias} = known[flag] ?? {};
		const isVariable = known[flag] !== undefined && !isGiven(flag, alias, args);
		return isVariable && Boolean(env[variableOf(flag)]);
	}
}

/** The flag that sets an option: `name` for `names[2]`. */
function flagOf(path: string, known: Readonly<Record<string, Options>>): string | undefined {
	const option = /^\w+/.exec(path)?.[0] ?? '';
	const flag = option.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);
	return [flag, flag.replace(/s$/, '')].find(name => known[name] !== undefined);
}

/** Whether a flag is on the command line. */
export function isGiven(
	flag: string,
	alias: string | readonly string[] | undefined,
	args: readonly string[],
): boolean {
	return args.some(
		arg =>
			[`--${flag}`, `--no-${flag}`].includes(arg.split('=')[0] ?? '') ||
			(alias !== undefined && [alias].flat().some(each => arg.startsWith(`-${each}`))),
	);
}
