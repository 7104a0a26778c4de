import {UserError} from '../../errors.js';

/** `user:password` as HTTP has it (RFC 7617), in Unicode normalization form C. */
export type Credentials = string;

const hashed = /^(\$(2[abxy]|apr1|[156y]|argon2\w*)\$|\{SHA\})/;

/**
 * Checks credentials that a person gives.
 *
 * @param name what they were given as: `auth` or `authFile`
 * @param where where in that, such as `line 3 of users: `
 * @throws UserError `option-invalid`, which does not repeat them
 */
export function parseCredentials(text: string, name: string, where = ''): Credentials {
	const refuse = (why: string, hint = 'such as alice:correct-horse-battery') => {
		throw new UserError('option-invalid', `${name}: ${where}${why}`, {hint});
	};
	const colon = text.indexOf(':');
	if (colon < 0) {
		refuse('expected user:password, got no colon');
	}
	if (/[\x00-\x1f\x7f-\x9f\ufffd]/.test(text)) {
		refuse('expected text in UTF-8 without control characters, got others');
	}
	const password = text.slice(colon + 1);
	if (password === '') {
		refuse('the password is empty');
	}
	if (hashed.test(password)) {
		refuse(
			'expected a password, got the hash of one',
			'passwords are plain text here; keep them in a file that only you can read',
		);
	}
	return text.normalize('NFC');
}

/** The scheme of an Authorization field, lower case, and what follows it (RFC 9110 section 11.4). */
export function parseAuthorization(value: string): {
	readonly scheme: string;
	readonly rest: string;
} {
	const [, scheme = '', rest = ''] = /^([^ ]*) *(.*)$/s.exec(value.trim()) ?? [];
	return {scheme: scheme.toLowerCase(), rest};
}

/** What Basic carries: to be compared, as it is, with credentials. */
export function decodeBasic(rest: string): Credentials {
	return Buffer.from(rest, 'base64').toString('utf8').normalize('NFC');
}
