import {UserError} from '../errors.js';
import {isWithin, type Subtrees} from './constraints.js';
import {canonicalAddress, isHostName, type Name, parseName} from './names.js';

/** Whom a client certificate is for, in the forms in which it says so. */
export interface ClientName {
	readonly commonName: string;
	/** A host name, where it is one. */
	readonly names: readonly Name[];
	/** An e-mail address, where it is one. */
	readonly email?: string;
}

/**
 * Reads the name of a person or a program. Any text is a common name, which no constraint concerns,
 * unless it reads like a host name: OpenSSL holds such a one against the constraints as if it were one.
 * A host name and an e-mail address are written as alternative names, too, where programs look for them.
 *
 * @param text at most 64 characters (RFC 5280 appendix A.1, ub-common-name)
 * @param subtrees what the authority may vouch for
 * @throws UserError `option-invalid` or `name-outside-constraints`
 */
export function parseClientName(text: string, subtrees: Subtrees): ClientName {
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
		return {commonName, names: [], email: commonName};
	}
	if (!/^[\w*-]+(\.[\w*-]+)+\.?$/.test(commonName)) {
		return {commonName, names: []};
	}
	const name = hostName(commonName);
	if (name === undefined || !isWithin(name, subtrees)) {
		throw new UserError(
			'name-outside-constraints',
			`client: ${shown} reads like a host name, and clients and servers would hold it against the names ` +
				'that the local authority may vouch for',
			{
				hint: `for a person give ${text}@localhost or a name with a space; if it is a domain of yours, allow it with sealport trust --domain ${name?.text ?? text}`,
			},
		);
	}
	return {commonName: name.text, names: [name]};
}

function hostName(text: string): Name | undefined {
	try {
		return parseName(text);
	} catch {
		return undefined;
	}
}
