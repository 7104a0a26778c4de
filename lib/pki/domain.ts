import {UserError} from '../errors.js';
import {isWithin} from './constraints.js';
import {parseName} from './names.js';

/**
 * Reads a domain that the local authority is to vouch for besides the local names.
 *
 * @param text as a person writes it
 * @returns the domain in lower case, internationalised labels as punycode; it stands for itself and
 *   everything below it
 * @throws UserError `option-invalid` for what is no domain, or one that nobody owns: a name under which
 *   others register theirs, by the Public Suffix List
 */
export async function parseDomain(text: string): Promise<string> {
	if (text.startsWith('*.')) {
		throw refusal(text, 'a domain covers every name below it', `give it as ${text.slice(2)}`);
	}
	const name = parseName(text);
	if (name.kind === 'ip') {
		throw refusal(text, 'expected a domain', 'private addresses are allowed as they are');
	}
	if (isWithin(name)) {
		return name.text;
	}
	const {getDomain} = await import('tldts');
	if (getDomain(name.text, {allowPrivateDomains: true}) === null) {
		throw refusal(
			text,
			'others have their names there, too',
			'give the domain that is yours, such as example.com, and not com',
		);
	}
	return name.text;
}

function refusal(text: string, why: string, hint: string): UserError {
	return new UserError('option-invalid', `domain: ${why}, got ${JSON.stringify(text)}`, {hint});
}
