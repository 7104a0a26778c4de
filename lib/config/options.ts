import {parsePort} from '../backend/address.js';
import {UserError} from '../errors.js';
import type {PathRewrite} from '../forward/message/path-rewrite.js';
import type {ProxyOptions} from '../forward/seams.js';
import {canonical} from '../listener/holder/socket.js';
import {type CertificateChoice, chooseCertificate} from '../pki/choice.js';
import {parseKeyType} from '../pki/key-type.js';
import {canonicalAddress, parseName} from '../pki/names.js';
import {defaultDirectory} from '../pki/store/directory.js';
import {type AccessOptions, type AccessSettings, readAccess} from './access.js';
import {inWords} from './in-words.js';
import {type Limits, readLimits} from './limits.js';
import {Problems} from './problems.js';
import {type PlacedRoute, readRoutes} from './routes.js';
import {optionKinds, soundFields} from './shape.js';
import type {Target} from './target.js';
import {checkTogether} from './together.js';

/** The lanes that there are. */
export const laneNames = ['wire', 'message'] as const;
export type LaneName = (typeof laneNames)[number];

/** One route as it is asked for. */
export interface RouteOptions extends ProxyOptions {
	/** What it matches: `/api`, `api.localhost`, `*.app.localhost/admin`; in a list only. */
	readonly match?: string | readonly string[] | undefined;
	/** What webpack-dev-server calls `match`. */
	readonly context?: string | readonly string[] | undefined;
	/** Where it leads, as in `routes`. */
	readonly backend?: Target | undefined;
	/** What http-proxy calls `backend`. */
	readonly target?: Target | undefined;
	/** Takes the prefix that matched off the path. False by default. */
	readonly stripPrefix?: boolean | undefined;
	/** Changes the path, query included, that the backend is asked for. */
	readonly rewrite?: ((path: string) => string) | undefined;
	/** As webpack-dev-server has it: regular expressions, of which the first that matches decides, and what to put in their place. */
	readonly pathRewrite?: PathRewrite | undefined;
	/** Rules of who may use it, beside those for all: one of them has to hold. */
	readonly allow?: string | readonly string[] | undefined;
	/** Rules of who may not use it. */
	readonly deny?: string | readonly string[] | undefined;
}

/** One backend for everything; or routes by what they match; or a list of them. */
export type Routes =
	| number
	| string
	| Readonly<Record<string, number | string | RouteOptions>>
	| readonly RouteOptions[];

/** What `serve` is asked for. */
export interface ServeOptions extends AccessOptions {
	/**
	 * The backend, or routes to several. A backend is a port, `host:port`, `http://host:port[/base]`, `unix:/path/to.sock`, or
	 * `h2c://host:port[/base]` for one that speaks HTTP/2 without TLS, as gRPC servers do.
	 */
	readonly routes: Routes;
	/** Port to listen on; 0 takes a free one. 62893 by default. */
	readonly port?: number | string | undefined;
	/**
	 * IP address to listen on; `loopback`, the default, means 127.0.0.1 and, where there is one, ::1. With
	 * `expose` all addresses are the default. Any other one than those of loopback takes `expose`.
	 */
	readonly host?: string | undefined;
	/**
	 * Host names to serve besides `localhost`, every `*.localhost`, 127.0.0.1 and ::1. The first one is
	 * the one in `url`.
	 */
	readonly names?: readonly string[] | undefined;
	/** File with your own certificate, PEM, the chain behind it. Goes with `key`. */
	readonly cert?: string | undefined;
	/** File with the private key of `cert`, PEM. */
	readonly key?: string | undefined;
	/** File with your own certificate and key, PKCS#12. */
	readonly pfx?: string | undefined;
	/** Opens an encrypted `key` or `pfx`. */
	readonly passphrase?: string | undefined;
	/** One self-signed certificate instead of authority and leaf. */
	readonly selfSigned?: boolean | undefined;
	/** Kind of the keys of the authority's leaves: `ec`, the default, or `rsa` for old clients. */
	readonly keyType?: 'ec' | 'rsa' | undefined;
	/** Directory of the certificate files; the user's data directory by default. */
	readonly certs?: string | undefined;
	/**
	 * How requests are forwarded: `wire`, the default, passes bytes through; `message` asks backends by
	 * http-proxy.
	 */
	readonly lane?: LaneName | undefined;
	/** How long a request is held while the backend refuses connections, in seconds. 5 by default. */
	readonly wait?: number | undefined;
	/** What the backend of this label has printed last, for the pages that say why it does not answer. */
	readonly lastWords?: ((backend: string) => string | undefined) | undefined;
	/** Bounds on what clients may take; each has a default. */
	readonly limits?: {readonly [Name in keyof Limits]?: Limits[Name] | undefined} | undefined;
	/** Closes the tunnel when it aborts. */
	readonly signal?: AbortSignal | undefined;
}

/** The same, checked and complete. */
export interface Settings {
	readonly routes: readonly PlacedRoute[];
	readonly port: number;
	/** An address, or `loopback`, or `any` for all addresses of the families that there are. */
	readonly host: string;
	readonly names: readonly string[];
	readonly certificate: CertificateChoice;
	readonly lane: LaneName;
	/** Milliseconds. */
	readonly wait: number;
	readonly lastWords: (backend: string) => string | undefined;
	readonly limits: Limits;
	readonly access: AccessSettings;
}

/** The port that Sealport listens on when it is told nothing else. */
export const defaultPort = 62_893;

const longestWait = 86_400;

/**
 * Checks what `serve` is asked for.
 *
 * @throws ConfigError `option-invalid`, with all that is wrong: path, value and hint of each
 */
export function validate(options: ServeOptions): Settings {
	const problems = new Problems();
	if (typeof options !== 'object' || options === null || options.routes === undefined) {
		problems.add(
			'routes',
			`expected a backend, got ${inWords(options)}`,
			'such as serve({routes: 3000})',
		);
	}
	const fields = readFields(options ?? {}, problems);
	checkTogether(fields, problems);
	const {sound, ...settings} = fields;
	const certificate = problems.attempt(undefined, () =>
		chooseCertificate({...sound, directory: sound.certs ?? defaultDirectory()}),
	);
	problems.settle();
	return {
		...settings,
		certificate: certificate ?? {kind: 'authority', directory: defaultDirectory()},
		lastWords: sound.lastWords ?? (() => undefined),
	};
}

/** What each option says by itself; in place of one that is wrong stands its default. */
export interface Fields extends Omit<Settings, 'certificate' | 'lastWords'> {
	/** Those that are of the right type. */
	readonly sound: Partial<ServeOptions>;
}

/** Reads each option by itself. */
export function readFields(options: object, problems: Problems): Fields {
	const sound: Partial<ServeOptions> = soundFields(options, optionKinds, problems);
	const {routes, port, host, names = [], lane, wait, limits, keyType} = sound;
	const otherwise = sound.expose ? 'any' : 'loopback';
	const read = <Value>(path: string, parse: () => Value) => problems.attempt(path, parse);
	if (keyType !== undefined) {
		read('keyType', () => parseKeyType(keyType));
	}
	const place = {
		routes: routes === undefined ? [] : readRoutes(routes, problems),
		port:
			(port === undefined ? undefined : read('port', () => parsePort(port, 'port', 0))) ??
			defaultPort,
		host: (host === undefined ? undefined : read('host', () => parseHost(host))) ?? otherwise,
	};
	return {
		sound,
		...place,
		access: readAccess(sound, place),
		names: names.flatMap(
			(name, index) => read(`names[${index}]`, () => parseName(name).text) ?? [],
		),
		lane: (lane === undefined ? undefined : read('lane', () => parseLane(lane))) ?? 'wire',
		wait: (wait === undefined ? undefined : read('wait', () => parseWait(wait))) ?? 5000,
		limits: readLimits(limits ?? {}, problems),
	};
}

function parseHost(host: string): string {
	const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
	if (bare === 'loopback' || bare === 'localhost') {
		return 'loopback';
	}
	const address = canonicalAddress(bare);
	if (address === undefined) {
		throw new UserError(
			'option-invalid',
			`host: expected an IP address of this machine, got ${JSON.stringify(host)}`,
			{hint: 'leave --host out to listen on loopback; use --name for a host name to serve'},
		);
	}
	return canonical(address);
}

/**
 * Reads the name of a lane.
 *
 * @throws UserError `option-invalid`
 */
export function parseLane(text: string): LaneName {
	const lane = laneNames.find(name => name === text);
	if (lane === undefined) {
		throw new UserError(
			'option-invalid',
			`lane: expected ${laneNames.join(' or ')}, got ${JSON.stringify(text)}`,
			{hint: 'leave it out for wire'},
		);
	}
	return lane;
}

function parseWait(seconds: number): number {
	if (!(seconds >= 0 && seconds <= longestWait)) {
		throw new UserError(
			'option-invalid',
			`wait: expected seconds from 0 to ${longestWait}, got ${inWords(seconds)}`,
			{hint: '0 answers at once while the backend is down'},
		);
	}
	return seconds * 1000;
}
