import {randomBytes} from 'node:crypto';
import {UserError} from '../../errors.js';

/** What lets in whoever has it. */
export interface Token {
	readonly text: string;
	/** Whether it was made here: of 256 random bits, which nobody guesses. */
	readonly made: boolean;
}

const shortest = 16;
/** Header fields of the length that servers take hold no more. */
const longest = 4096;

export function makeToken(): Token {
	return {text: randomBytes(32).toString('base64url'), made: true};
}

/**
 * Checks a token that a person gives.
 *
 * @param name what it was given as: `token` or `tokenFile`
 * @throws UserError `option-invalid`, which does not repeat it
 */
export function parseToken(text: string, name: string): Token {
	const refuse = (why: string) => {
		throw new UserError('option-invalid', `${name}: ${why}`, {
			hint: `such as what "openssl rand -hex 32" prints; --token alone makes one at each start`,
		});
	};
	if (!/^[\x21-\x7e]*$/.test(text)) {
		refuse('expected visible ASCII characters without blanks, got others');
	}
	if (text.length < shortest || text.length > longest) {
		refuse(`expected ${shortest} to ${longest} characters, got ${text.length}`);
	}
	return {text, made: false};
}
