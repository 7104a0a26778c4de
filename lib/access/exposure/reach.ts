import type {AccessSettings, RuleTexts} from '../../config/access.js';
import {conditionsOf} from '../rules/conditions-of.js';
import {reachedAt} from './own-addresses.js';

/** How many of a kind a line names. */
const most = 8;

/**
 * Who can reach what, in one line for people: `everyone who can reach 192.168.1.7 or fd00::1 and has the
 * token`, `programs of this machine: user me with /usr/bin/curl`.
 *
 * @param addresses those listened on
 */
export function reachOf(settings: AccessSettings, addresses: readonly string[]): string {
	const {rules, routes, sameSiteOnly} = settings;
	const beyond = addresses.flatMap(address => reachedAt(address));
	// On a machine that has no network at present, or does not tell.
	const isExposed = beyond.length > 0 || addresses.some(address => /^[:0.]+$/.test(address));
	const where = beyond.length > 0 ? list(beyond, 'or') : 'this machine';
	const proof = list(proofs(settings), 'and');
	const subject = isExposed ? `everyone who can reach ${where}` : 'every program of this machine';
	const holders = isExposed
		? `only ${allowed(rules)}, at ${where}`
		: `programs of this machine: ${allowed(rules)}`;
	const has = isExposed ? ' and has ' : ' that has ';
	const main =
		rules.allow.length === 0
			? `${subject}${proof && has}${proof}`
			: `${holders}${proof && ', with '}${proof}`;
	const isByRoute =
		rules.allow.length === 0 && proof === '' && routes.every(({allow}) => allow.length > 0);
	if (isByRoute && routes.length > 0 && rules.deny.length === 0 && !sameSiteOnly) {
		return `at ${isExposed ? where : 'this machine'} ${forRoutes(routes).join('; ')}`;
	}
	const pages = sameSiteOnly ? ', but no page of another origin' : '';
	return [`${main}${denied(rules)}${pages}`, ...forRoutes(routes)].join('; ');
}

/** What has to be shown, each. */
function proofs({token, tokenFile, auth, authFile, mtls}: AccessSettings): string[] {
	const hasToken = token !== false || tokenFile !== undefined;
	const hasUsers = auth !== undefined || authFile !== undefined;
	const secrets = [...(hasToken ? ['the token'] : []), ...(hasUsers ? ['a password'] : [])];
	const names = mtls?.names ?? [];
	const certificate =
		names.length === 0 ? 'a client certificate' : `the client certificate of ${list(names, 'or')}`;
	return [
		...(secrets.length > 0 ? [secrets.join(' or ')] : []),
		...(mtls === undefined ? [] : [certificate]),
	];
}

function forRoutes(routes: AccessSettings['routes']): string[] {
	return routes
		.filter(({allow, deny}) => allow.length + deny.length > 0)
		.map(route =>
			route.allow.length === 0
				? `for ${route.match}${denied(route).replace(/^,/, '')}`
				: `for ${route.match} only ${allowed(route)}${denied(route)}`,
		);
}

function allowed({allow}: RuleTexts): string {
	return list(allow.map(describe), 'or');
}

function denied({deny}: RuleTexts): string {
	return deny.length === 0 ? '' : `, but not ${list(deny.map(describe), 'or')}`;
}

/** What stands before a condition's value: at the beginning of a rule, and further on. */
const words: Readonly<Record<string, readonly [first: string, further: string]>> = {
	user: ['user ', 'as user '],
	exe: ['', 'with '],
	pid: ['process ', 'in process '],
	netns: ['network namespace ', 'in network namespace '],
	container: ['container ', 'in container '],
	address: ['', 'from '],
};

/** A rule in words: `user me with /usr/bin/curl`. */
function describe(rule: string): string {
	return conditionsOf(rule)
		.map((condition, index) => {
			const [, kind = '', value = ''] = /^\s*([a-z]+)\s*=\s*(.*?)\s*$/.exec(condition) ?? [];
			const lead = words[kind]?.[index === 0 ? 0 : 1];
			return lead === undefined ? condition : lead + value;
		})
		.join(' ');
}

function list(texts: readonly string[], word: string): string {
	const shown = texts.slice(0, most);
	const more = texts.length - shown.length;
	const all = more > 0 ? [...shown, `${more} more`] : shown;
	const last = all.at(-1) ?? '';
	return all.length < 2 ? last : `${all.slice(0, -1).join(', ')} ${word} ${last}`;
}
