import {parseRule} from '../access/rules/rule.js';
import type {AccessSettings} from '../config/access.js';
import {UserError} from '../errors.js';
import {network} from './networks.js';
import type {Condition, Guarded} from './policy.js';

/** What is needed of a rule. */
interface Conditions {
	readonly text: string;
	readonly user?: {readonly text: string; readonly uid: number | undefined} | undefined;
	readonly exe?: {readonly text: string} | undefined;
	readonly pid?: {readonly text: string} | undefined;
	readonly netns?: {readonly text: string} | undefined;
	readonly container?: {readonly text: string} | undefined;
	readonly addresses?: {readonly network: string; readonly prefix: number} | undefined;
}

/**
 * What a firewall needs to know of who may connect.
 *
 * @throws UserError `option-invalid` for a rule that is wrong, or a port that is not known before the start
 */
export function guardedBy(settings: AccessSettings): Guarded {
	const {port, host, expose, rules, routes, mtls, token, tokenFile, auth, authFile} = settings;
	if (port === 0) {
		throw new UserError('option-invalid', 'port: 0 is another one at each start', {
			hint: 'rules of a firewall need one that stays: give it, such as --port 62893',
		});
	}
	const hasToken = token !== false || tokenFile !== undefined;
	const hasAuth = auth !== undefined || authFile !== undefined;
	const secrets = [...(hasToken ? ['a token'] : []), ...(hasAuth ? ['a password'] : [])];
	return {
		port,
		host,
		exposed: expose !== false,
		allow: conditions(rules.allow, 'allow'),
		deny: conditions(rules.deny, 'deny'),
		further: [
			...(mtls === undefined ? [] : ['a client certificate']),
			...(secrets.length === 0 ? [] : [secrets.join(' or ')]),
			...(routes.some(({allow, deny}) => allow.length + deny.length > 0)
				? ['rules of single routes']
				: []),
		],
	};
}

function conditions(texts: readonly string[], kind: string): readonly Condition[] {
	return texts.map((text, index) => conditionOf(parseRule(text, `${kind}[${index}]`)));
}

/** Takes of a rule what a firewall can test. */
export function conditionOf(rule: Conditions): Condition {
	const {text, user, exe, pid, netns, container, addresses} = rule;
	const others = {exe, pid, netns, container, ...(user?.uid === undefined ? {user} : {})};
	return {
		text,
		uids: user?.uid === undefined ? undefined : [user.uid],
		networks:
			addresses === undefined ? undefined : [network(`${addresses.network}/${addresses.prefix}`)],
		beyond: Object.entries(others).flatMap(([kind, each]) =>
			each === undefined ? [] : [`${kind}=${each.text}`],
		),
	};
}
