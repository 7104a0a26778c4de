import {createHmac, randomBytes, timingSafeEqual} from 'node:crypto';

/** Of this process: what is compared, and what browsers are given, says nothing to who does not have it. */
const key = randomBytes(32);

/** Says of what a secret is the mark, so that one made for one purpose is of no use for another. */
type Purpose = 'compare' | 'session';

/** HMAC-SHA-256 (RFC 2104) of a secret: 32 octets, whatever its length. */
export function markOf(text: string, purpose: Purpose = 'compare'): Buffer {
	return createHmac('sha256', key).update(`${purpose} `).update(text, 'utf8').digest();
}

/**
 * Whether a text is one of those that the marks were made of. How long that takes depends on its own length and
 * on how many marks there are, and not on where it differs, or from which of them.
 */
export function isOneOf(text: string, marks: readonly Buffer[]): boolean {
	const mark = markOf(text);
	let matches = 0;
	for (const each of marks) {
		matches |= Number(timingSafeEqual(mark, each));
	}
	return matches === 1;
}
