import {UserError} from '../errors.js';
import {isWithin} from './constraints.js';
import {type Name, parseName} from './names.js';

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
	const name = read(text);
	if (name.kind === 'ip') {
		throw refusal(text, 'expected a domain', 'private addresses are allowed as they are');
	}
	if (isWithin(name)) {
		return name.text;
	}
	const {getDomain} = await import('tldts');
	if (getDomain(name.text, {allowPrivateDomains: true}) === null) {
		throw new UserError(
			'option-invalid',
			`domain: ${JSON.stringify(text)} is shared by many owners`,
			{
				hint: `give the domain below it that is yours, such as example.${name.text}`,
			},
		);
	}
	return name.text;
}

function read(text: string): Name {
	try {
		return parseName(text);
	} catch {
		throw refusal(text, 'expected a domain', 'give one such as dev.example.com');
	}
}

function refusal(text: string, why: string, hint: string): UserError {
	return new UserError('option-invalid', `domain: ${why}, got ${JSON.stringify(text)}`, {hint});
}
