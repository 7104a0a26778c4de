import {isTextOctet, isTokenOctet, Malformed, semicolon} from './octets.js';

const equals = 0x3d;
const quote = 0x22;
const backslash = 0x5c;

/** Where one is in the extensions of a chunk (RFC 9112 section 7.1.1). */
export enum Extension {
	NameStart,
	Name,
	ValueStart,
	Value,
	Quoted,
	Escaped,
	Closed,
}

/**
 * Reads one octet of the extensions of a chunk, strictly: nobody uses them but those who hope that two
 * recipients differ on where they end. So there is no white space either.
 *
 * @throws Malformed
 */
export function readExtension(at: Extension, octet: number): Extension {
	switch (at) {
		case Extension.Name:
			if (octet === equals) {
				return Extension.ValueStart;
			}
			return octet === semicolon ? Extension.NameStart : token(octet, Extension.Name);
		case Extension.ValueStart:
			return octet === quote ? Extension.Quoted : token(octet, Extension.Value);
		case Extension.Value:
			return octet === semicolon ? Extension.NameStart : token(octet, Extension.Value);
		case Extension.Quoted:
			if (octet === quote) {
				return Extension.Closed;
			}
			return octet === backslash
				? Extension.Escaped
				: only(isTextOctet[octet] === 1, Extension.Quoted);
		case Extension.Escaped:
			return only(isTextOctet[octet] === 1, Extension.Quoted);
		case Extension.Closed:
			return only(octet === semicolon, Extension.NameStart);
		default:
			return token(octet, Extension.Name);
	}
}

/** Whether the line may end here. */
export function endsExtension(at: Extension): boolean {
	return at === Extension.Name || at === Extension.Value || at === Extension.Closed;
}

function token(octet: number, next: Extension): Extension {
	return only(isTokenOctet[octet] === 1, next);
}

function only(holds: boolean, next: Extension): Extension {
	if (!holds) {
		throw new Malformed('a chunk extension is not a name, or a name and a value');
	}
	return next;
}
