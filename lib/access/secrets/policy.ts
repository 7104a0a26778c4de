import {ProxyError} from '../../errors.js';
import type {Applicant, Policy} from '../../forward/seams.js';
import type {Attempts} from './attempts.js';
import {mentions, readLink, withoutToken} from './link.js';
import {linkAnswer} from './link-answer.js';
import {type Credentials, decodeBasic, parseAuthorization} from './password.js';
import {missing, tooMany, wrong} from './refusals.js';
import {isOneOf, markOf} from './same-secret.js';
import {cookieIn, cookieName, sessionOf, withoutSessions} from './session.js';
import type {Token} from './token.js';

/** What lets in: any of it. */
export interface Known {
	readonly token: Token | undefined;
	readonly users: readonly Credentials[];
}

/**
 * Lets in who has the token or the password of a user: a browser by the link, and then by its cookie; programs
 * by a Bearer token (RFC 6750) or by Basic (RFC 7617).
 *
 * What can be guessed is slowed down: passwords, and a token that a person chose. What was made here cannot, so
 * it is compared at any time and counted for nothing: otherwise whoever sends wrong ones could shut out the
 * programs that have the right one, and a browser with the cookie of an earlier start itself.
 */
export function secretsPolicy(known: Known, attempts: Attempts): Policy {
	const {token, users} = known;
	const asked = {token: token !== undefined, auth: users.length > 0};
	const tokens = token === undefined ? [] : [markOf(token.text)];
	const passwords = users.map(each => markOf(each));
	const session = token === undefined ? undefined : sessionOf(token.text);
	const sessions = session === undefined ? [] : [markOf(session)];

	/** Compares what was given, if it may be compared now; returns what refuses it. */
	function judge(
		applicant: Applicant,
		by: 'token' | 'auth' | 'link',
		given: string,
	): ProxyError | undefined {
		const {address} = applicant.client;
		const isGuess = by === 'auth' || !token?.made;
		const wait = isGuess ? attempts.waitOf(address) : undefined;
		if (wait !== undefined) {
			return tooMany(by, wait);
		}
		if (isOneOf(given, by === 'auth' ? passwords : tokens)) {
			return undefined;
		}
		if (isGuess) {
			attempts.failed(address);
		}
		return wrong(by, asked);
	}

	function admitByField(applicant: Applicant, hasSession: boolean): ProxyError | undefined {
		const [authorization, ...more] = applicant.values('authorization');
		// Of two, one could be a guess that is not counted.
		if (more.length > 0) {
			return wrong('several', asked);
		}
		if (authorization !== undefined) {
			const {scheme, rest} = parseAuthorization(authorization);
			if (scheme === 'bearer' && asked.token) {
				return judge(applicant, 'token', rest);
			}
			if (scheme === 'basic' && asked.auth) {
				return judge(applicant, 'auth', decodeBasic(rest));
			}
		}
		return missing(applicant, asked, hasSession);
	}

	return {
		name: asked.token ? 'token' : 'auth',
		admit(applicant) {
			const link = asked.token ? readLink(applicant.target) : undefined;
			if (link !== undefined && !['GET', 'HEAD'].includes(applicant.method)) {
				return wrong('method', asked);
			}
			const name = cookieName(applicant.authority);
			const cookie = asked.token ? cookieIn(applicant.values('cookie'), name) : undefined;
			if (cookie !== undefined && isOneOf(cookie, sessions)) {
				return link === undefined ? undefined : goOn(linkAnswer(applicant, link.rest));
			}
			if (link !== undefined) {
				const refusal = judge(applicant, 'link', link.token);
				return refusal ?? goOn(linkAnswer(applicant, link.rest, session));
			}
			return admitByField(applicant, cookie !== undefined);
		},
		edit(name, value) {
			switch (name) {
				case 'authorization':
					return isOurs(value) ? undefined : value;
				case 'cookie':
					return withoutSessions(value);
				case 'referer':
					return token === undefined ? value : refererWithout(token, value);
				default:
					return value;
			}
		},
		redact(target) {
			const shown = asked.token ? withoutToken(target) : target;
			if (token === undefined) {
				return shown;
			}
			const masked = shown.replaceAll(token.text, '***');
			return mentions(masked, token.text) ? '***' : masked;
		},
	};

	function isOurs(authorization: string): boolean {
		const {scheme, rest} = parseAuthorization(authorization);
		return (
			(scheme === 'bearer' && isOneOf(rest, tokens)) ||
			(scheme === 'basic' && isOneOf(decodeBasic(rest), passwords))
		);
	}
}

/** A Referer without a link's token; none at all where the token is elsewhere in it, as in an address to go on to. */
function refererWithout({text}: Token, value: string): string | undefined {
	const rest = readLink(value)?.rest ?? value;
	return mentions(rest, text) ? undefined : rest;
}

/** What is given instead of the backend's answer, and is no refusal. */
function goOn(answer: NonNullable<ProxyError['answer']>): ProxyError {
	return new ProxyError('credentials-missing', 'downstream', 'let in by the link', {answer});
}
