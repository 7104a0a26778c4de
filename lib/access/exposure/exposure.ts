import {type AccessSettings, isLoopback, type RuleTexts} from '../../config/access.js';
import {UserError} from '../../errors.js';
import {type Addresses, parseAddresses} from '../rules/addresses.js';
import {isWildcard, networkOf} from './own-addresses.js';

/** What restricts whoever comes from another machine, or from a container. */
const ways = '--token, --mtls, --auth';
const forEverybody = '--expose=anyone lets everybody in';

/**
 * Makes sure that nobody listens beyond loopback without having said so, and having said for whom.
 *
 * @throws UserError `option-invalid`
 */
export function checkExposure(settings: AccessSettings): void {
	const {host, expose} = settings;
	if (isLoopback(host)) {
		return;
	}
	const gap = gapIn(settings);
	const isWide = isWildcard(host);
	const rule = `--allow address=${networkOf(host) ?? '172.17.0.0/16'}`;
	if (expose === false) {
		throw new UserError(
			'option-invalid',
			`host: ${isWide ? `${host} stands for every address of this machine, and they` : `${host} is not an address of loopback: it`} can be reached from elsewhere, which takes --expose`,
			{
				hint:
					gap === undefined
						? 'add --expose, or leave --host out to listen on loopback'
						: `add --expose, and who may connect: ${ways} or ${rule}; ${forEverybody}`,
			},
		);
	}
	if (gap !== undefined && expose !== 'anyone') {
		const where = isWide ? 'this machine' : host;
		throw new UserError(
			'option-invalid',
			`expose: everyone who can reach ${where} could connect, since ${gap}`,
			{hint: `say who may: ${ways} or ${rule}; ${forEverybody}`},
		);
	}
}

/** What a person should know of how it is exposed, in sentences without a full stop. */
export function exposureWarnings({host, expose, rules}: AccessSettings): readonly string[] {
	if (isLoopback(host)) {
		return expose === false
			? []
			: [
					`expose changes nothing, since ${host} is reached from this machine only: leave host out to listen on all addresses`,
				];
	}
	const missing = ['127.0.0.1', ...(host === '0.0.0.0' ? [] : ['::1'])].filter(
		address => !mayAllow(rules, address),
	);
	return isWildcard(host) && missing.length > 0
		? [
				`programs and browsers of this machine are refused at localhost, since no rule allows ${missing.join(' or ')}: to let them in, add ${missing.map(address => `--allow address=${address}`).join(' ')}`,
			]
		: [];
}

function mayAllow({allow}: RuleTexts, address: string): boolean {
	return (
		allow.length === 0 ||
		allow.some(rule => {
			const network = networkIn(rule);
			return network === undefined || network.includes(address);
		})
	);
}

/** Why everybody would be let in; `undefined` when they are not. */
function gapIn(settings: AccessSettings): string | undefined {
	const {rules, routes, mtls, token, tokenFile, auth, authFile} = settings;
	const secrets = [tokenFile, auth, authFile].some(secret => secret !== undefined);
	if (restrict(rules) || mtls !== undefined || secrets || token !== false) {
		return undefined;
	}
	const open = routes.find(route => !restrict(route));
	if (routes.length > 0 && open === undefined) {
		return undefined;
	}
	const wide = [...rules.allow, ...(open?.allow ?? [])].find(isForEverybody);
	if (wide !== undefined) {
		return `${wide} is everybody`;
	}
	if (open !== undefined && open !== routes[0] && routes.some(restrict)) {
		return `nothing says who may connect to ${open.match}`;
	}
	if (rules.deny.length > 0) {
		return 'deny rules let in all whom they do not name';
	}
	return settings.sameSiteOnly
		? 'same-site-only holds back pages of other origins, not programs'
		: 'nothing says who may connect';
}

function restrict({allow}: RuleTexts): boolean {
	return allow.length > 0 && !allow.some(isForEverybody);
}

/** A network of all addresses, and no other condition. */
function isForEverybody(rule: string): boolean {
	return !rule.includes(',') && networkIn(rule)?.prefix === 0;
}

/** Of a rule that has a condition about addresses. */
function networkIn(rule: string): Addresses | undefined {
	const [, text = ''] = /(?:^|,)\s*address\s*=\s*([^,\s]+)/.exec(rule) ?? [];
	const addresses = parseAddresses(text);
	return 'prefix' in addresses ? addresses : undefined;
}
