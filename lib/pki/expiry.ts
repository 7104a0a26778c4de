import type {X509Certificate} from 'node:crypto';

/** So long before its end a certificate is to be replaced, in milliseconds. */
export const reserve = 30 * 86_400_000;

/** How long a leaf lives in all, in milliseconds. */
export const leafLife = 30 * 86_400_000;

/** When two thirds of a leaf's life are over. All in milliseconds since 1970. */
export function renewalOf(notBefore: number, notAfter: number): number {
	return notBefore + Math.floor(((notAfter - notBefore) * 2) / 3);
}

/**
 * What a person should know of a certificate's life: that it is over, not begun, or over within 30
 * days. Empty when all is well.
 *
 * @param what what the certificate is called, such as its path
 * @param now milliseconds since 1970
 */
export function expiryWarnings(
	what: string,
	{validFrom, validTo}: X509Certificate,
	now: number,
): readonly string[] {
	const left = Date.parse(validTo) - now;
	if (left < 0) {
		return [`${what} expired on ${validTo}: clients refuse it`];
	}
	if (now < Date.parse(validFrom)) {
		return [`${what} is valid only from ${validFrom}: clients refuse it until then`];
	}
	if (left < reserve) {
		const days = Math.floor(left / 86_400_000);
		return [`${what} expires in ${days === 1 ? '1 day' : `${days} days`}, on ${validTo}`];
	}
	return [];
}

/**
 * The same for an authority, with what to do about it.
 *
 * @param root its root
 * @param now milliseconds since 1970
 * @param trust the command line that replaces it
 */
export function authorityWarnings(
	root: X509Certificate,
	now: number,
	trust: string,
): readonly string[] {
	return expiryWarnings('the local authority', root, now).map(
		warning => `${warning}: run ${trust}, which puts a new one in its place`,
	);
}
