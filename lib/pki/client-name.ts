import {UserError} from '../errors.js';
import {isWithin, type Subtrees} from './constraints.js';
import type {AlternativeName} from './extensions.js';
import {canonicalAddress, isHostName, type Name, parseName} from './names.js';

/** Whom a client certificate is for. */
export interface ClientName {
	readonly commonName: string;
	/** The same as an alternative name. */
	readonly alternative: AlternativeName;
}

/**
 * Reads the name of a person or a program. Any text is a common name, which no constraint concerns,
 * unless it reads like a host name: OpenSSL and Java hold such a one against the constraints, where no
 * host name stands beside it. To OpenSSL a single word is none; to Java it is, and so a word gets one
 * under `localhost`.
 *
 * @param text at most 64 characters (RFC 5280 appendix A.1, ub-common-name)
 * @param subtrees what the authority may vouch for
 * @throws UserError `option-invalid` or `name-outside-constraints`
 */
export function parseClientName(
	text: string,
	subtrees: Subtrees,
	trust = 'sealport trust',
): ClientName {
	const commonName = text.normalize('NFC');
	const shown = JSON.stringify(text);
	if (
		/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]|^\s|\s$/u.test(commonName) ||
		commonName === '' ||
		Array.from(commonName).length > 64
	) {
		throw new UserError(
			'option-invalid',
			`client: expected a name of at most 64 characters, got ${shown}`,
			{hint: 'give the name of a person or a program, such as alice or "Alice Example"'},
		);
	}
	if (canonicalAddress(commonName) !== undefined) {
		throw new UserError('option-invalid', `client: expected a name, got the address ${shown}`, {
			hint: 'give the name of a person or a program; the address that it calls from does not matter',
		});
	}
	const [, domain = ''] = /^[\w.!#$%&'+/=?^`{|}~-]+@([^@]+)$/.exec(commonName) ?? [];
	if (isHostName(domain.toLowerCase())) {
		return {commonName, alternative: {kind: 'email', text: commonName}};
	}
	const isWord = /^[\w*-]+$/.test(commonName);
	if (!isWord && !/^[\w*-]+(\.[\w*-]+)+\.?$/.test(commonName)) {
		return {commonName, alternative: {kind: 'directory', text: commonName}};
	}
	const name = hostName(commonName);
	if (name !== undefined && isWithin(name, subtrees)) {
		return {commonName: name.text, alternative: name};
	}
	if (!isWord) {
		throw new UserError(
			'name-outside-constraints',
			`client: ${shown} reads like a host name, and clients and servers would hold it against the names ` +
				'that the local authority may vouch for',
			{
				hint: `for a person give ${text}@localhost or a name with a space; if it is a domain of yours, allow it with ${trust} --domain ${name?.text ?? text}`,
			},
		);
	}
	return {
		commonName,
		alternative:
			name === undefined
				? {kind: 'directory', text: commonName}
				: {kind: 'dns', text: `${name.text}.localhost`},
	};
}

function hostName(text: string): Name | undefined {
	try {
		return parseName(text);
	} catch {
		return undefined;
	}
}
