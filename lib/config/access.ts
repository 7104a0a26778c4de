import {isIPv4} from 'node:net';
import type {Fields, ServeOptions} from './options.js';

/** Who may connect, as `serve` is asked for it; none of it, by default. */
export interface AccessOptions {
	/** Rules of who may connect, such as `user=me,exe=/usr/bin/curl`: one of them has to hold. */
	readonly allow?: string | readonly string[] | undefined;
	/** Rules of who may not connect, whatever `allow` says. */
	readonly deny?: string | readonly string[] | undefined;
	/** Asks for a client certificate of our own authority; a list: one of these names. */
	readonly mtls?: boolean | readonly string[] | undefined;
	/** File with the authorities of client certificates, PEM, in place of our own. */
	readonly clientCa?: string | undefined;
	/** Asks for a token: `true` makes one; at least 16 visible ASCII characters. */
	readonly token?: boolean | string | undefined;
	/** File with the token in its first line. */
	readonly tokenFile?: string | undefined;
	/** Asks for a password: `user:password`. */
	readonly auth?: string | undefined;
	/** File with lines of `user:password`. */
	readonly authFile?: string | undefined;
	/** Refuses what pages of other origins make browsers send. */
	readonly sameSiteOnly?: boolean | undefined;
	/** Allows to listen beyond loopback, where something else says who may connect; `anyone`: in any case. */
	readonly expose?: boolean | 'anyone' | undefined;
}

/** Rules of one place, as text. */
export interface RuleTexts {
	readonly allow: readonly string[];
	readonly deny: readonly string[];
	/** What errors call the place: '' for the listener, else `routes[2].`. */
	readonly where: string;
	/** What it is for: a route as people write it, or '' for the listener. */
	readonly match: string;
}

/** The same, complete; what it says is checked when it is compiled, since that takes files and processes. */
export interface AccessSettings {
	readonly rules: RuleTexts;
	/** Those of each route. */
	readonly routes: readonly RuleTexts[];
	/** `undefined` for no certificate; no names for any. */
	readonly mtls: {readonly names: readonly string[]; readonly ca: string | undefined} | undefined;
	readonly token: boolean | string;
	readonly tokenFile: string | undefined;
	readonly auth: string | undefined;
	readonly authFile: string | undefined;
	readonly sameSiteOnly: boolean;
	readonly expose: boolean | 'anyone';
	/** The address listened on, or `loopback`, or `any`. */
	readonly host: string;
	/** The port asked for; 0 for any. */
	readonly port: number;
}

/** Puts together who may connect, of options that are of the right type. */
export function readAccess(
	sound: Partial<ServeOptions>,
	{host, port, routes}: Pick<Fields, 'host' | 'port' | 'routes'>,
): AccessSettings {
	const {mtls, clientCa, token, expose = false} = sound;
	const asksForCertificate = mtls === undefined ? clientCa !== undefined : mtls !== false;
	return {
		rules: {allow: listOf(sound.allow), deny: listOf(sound.deny), where: '', match: ''},
		routes: routes.map(({allow, deny, place, match}) => ({
			...{allow, deny, where: `${place}.`, match: match.text},
		})),
		mtls: asksForCertificate
			? {names: typeof mtls === 'object' ? mtls : [], ca: clientCa}
			: undefined,
		token: token ?? false,
		tokenFile: sound.tokenFile,
		auth: sound.auth,
		authFile: sound.authFile,
		sameSiteOnly: sound.sameSiteOnly ?? false,
		expose,
		host,
		port,
	};
}

/** Whether anything of it is asked for: if not, nothing of it is loaded. */
export function isOpen(settings: AccessSettings): boolean {
	const {rules, routes, mtls, token, tokenFile, auth, authFile, sameSiteOnly} = settings;
	const hasRules = [rules, ...routes].some(({allow, deny}) => allow.length + deny.length > 0);
	const secrets = [tokenFile, auth, authFile].some(secret => secret !== undefined);
	const isLocal = isLoopback(settings.host) && settings.expose === false;
	return isLocal && !hasRules && mtls === undefined && token === false && !secrets && !sameSiteOnly;
}

/** Whether an address to listen on is reached from this machine only. */
export function isLoopback(host: string): boolean {
	return host === 'loopback' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

/** One text, or a list of them. */
export function listOf(texts: string | readonly string[] | undefined): readonly string[] {
	return texts === undefined ? [] : typeof texts === 'string' ? [texts] : texts;
}
