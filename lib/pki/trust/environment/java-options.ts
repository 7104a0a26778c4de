/** What opens the trust store: it holds nothing secret, and this is what Java's own has always had. */
export const javaPassword = 'changeit';

const property = '-Djavax.net.ssl.trustStore';

/**
 * The value of `JAVA_TOOL_OPTIONS` that adds a trust store, PKCS#12, to the options already there. What
 * an earlier call added is replaced.
 *
 * @param given the value so far
 * @param file absolute path of the trust store
 * @returns `undefined` when the options name another trust store, which would then be lost: Java reads
 *   one only
 */
export function javaOptions(given: string | undefined, file: string): string | undefined {
	const ours = [
		quoted(`${property}=${file}`),
		`${property}Password=${javaPassword}`,
		`${property}Type=PKCS12`,
	].join(' ');
	const rest = (given ?? '').replace(ours, '').trim();
	if (rest.includes(property)) {
		return undefined;
	}
	return rest === '' ? ours : `${rest} ${ours}`;
}

/**
 * Java's virtual machine splits the variable at white space outside of quotes, of either kind, and knows
 * no escapes; a quoted part may stand within a word.
 */
function quoted(word: string): string {
	if (!/[\s'"]/.test(word)) {
		return word;
	}
	return word
		.split(/("+)/)
		.filter(part => part !== '')
		.map(part => (part.startsWith('"') ? `'${part}'` : `"${part}"`))
		.join('');
}
