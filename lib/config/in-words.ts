const longest = 200;
/** What may be a secret by its name. */
const secret = /pass|auth|secret|token|cookie|^key$|credential/i;

/**
 * A value that is not what it should be, for an error's text: on one line, not too long, without what looks
 * like a secret.
 *
 * @param name what it was given for
 */
export function inWords(value: unknown, name = ''): string {
	if (value === undefined) {
		return 'nothing';
	}
	if (secret.test(name) || (name === 'headers' && typeof value !== 'object')) {
		return value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value;
	}
	if (typeof value === 'bigint') {
		return `${value}n`;
	}
	if (typeof value !== 'object' && typeof value !== 'string') {
		return typeof value === 'number' || typeof value === 'boolean' ? String(value) : typeof value;
	}
	let text: string;
	try {
		text =
			JSON.stringify(value, (key, inner: unknown) =>
				typeof inner !== 'object' && key !== '' && (secret.test(key) || name === 'headers')
					? '…'
					: inner,
			) ?? typeof value;
	} catch {
		return 'an object that contains itself';
	}
	const safe = text.replace(/\/\/[^/@\s"]*@/g, '//…@');
	return safe.length > longest ? `${safe.slice(0, longest)}…` : safe;
}
