import {generateKeyPairSync, type KeyPairKeyObjectResult} from 'node:crypto';
import {UserError} from '../errors.js';

/** The kinds of keys that a leaf can have. */
export type KeyType = 'ec' | 'rsa';

/**
 * Reads the kind of a key.
 *
 * @throws UserError `option-invalid`
 */
export function parseKeyType(text: string): KeyType {
	if (text !== 'ec' && text !== 'rsa') {
		throw new UserError(
			'option-invalid',
			`key-type: expected ec or rsa, got ${JSON.stringify(text)}`,
			{hint: 'ec for everything of the last ten years, rsa for what is older'},
		);
	}
	return text;
}

/**
 * Makes a key pair for a leaf: P-256, or RSA of 2048 bits, which every client takes that takes RSA at
 * all, and which outlasts any leaf. An RSA one takes some hundred milliseconds.
 */
export function newKeys(type: KeyType): KeyPairKeyObjectResult {
	return type === 'rsa'
		? generateKeyPairSync('rsa', {modulusLength: 2048})
		: generateKeyPairSync('ec', {namedCurve: 'P-256'});
}
