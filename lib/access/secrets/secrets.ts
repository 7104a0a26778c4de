import type {AccessSettings} from '../../config/access.js';
import {UserError} from '../../errors.js';
import type {Policy} from '../../forward/seams.js';
import {Attempts} from './attempts.js';
import {readAuthFile, readTokenFile} from './files.js';
import {linkOf} from './link.js';
import {parseCredentials} from './password.js';
import {secretsPolicy} from './policy.js';
import {makeToken, parseToken, type Token} from './token.js';

/** Token and passwords. */
export interface Secrets {
	readonly policy: Policy;
	/** With `<token>` in place of one that was given, which is not for a terminal; `undefined` without one. */
	readonly link: ((url: string) => string) | undefined;
	readonly warnings: readonly string[];
	readonly token: Token | undefined;
	readonly attempts: Attempts;
}

/**
 * Reads what lets in.
 *
 * @param before those in force: a token made here stays the same, and wrong tries stay counted
 * @throws UserError `option-invalid`
 */
export function openSecrets(settings: AccessSettings, before: Secrets | undefined): Secrets {
	const {token, warnings: ofToken} = openToken(settings, before?.token);
	const {auth, authFile} = settings;
	const listed = authFile === undefined ? undefined : readAuthFile(authFile);
	const users = [
		...(auth === undefined ? [] : [parseCredentials(auth, 'auth')]),
		...(listed?.users ?? []),
	];
	const attempts = before?.attempts ?? new Attempts();
	return {
		policy: secretsPolicy({token, users}, attempts),
		link: token === undefined ? undefined : url => linkOf(url, token.made ? token.text : '<token>'),
		warnings: [...ofToken, ...(listed?.warnings ?? [])],
		token,
		attempts,
	};
}

function openToken(
	{token, tokenFile}: AccessSettings,
	before: Token | undefined,
): {readonly token: Token | undefined; readonly warnings: readonly string[]} {
	if (tokenFile !== undefined) {
		if (token !== false) {
			throw new UserError('option-invalid', 'token and tokenFile: both are given', {
				hint: 'leave one of them out',
			});
		}
		return readTokenFile(tokenFile);
	}
	if (typeof token === 'string') {
		return {token: parseToken(token, 'token'), warnings: []};
	}
	return {token: token ? (before?.made ? before : makeToken()) : undefined, warnings: []};
}
