const unprintable =
	/[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\p{Surrogate}]/gu;

/**
 * Makes text from the network or the file system safe for a terminal: control characters, and those
 * that reorder or hide text, become visible escapes such as `\x1b`.
 *
 * @param text anything
 * @param limit longest result in characters before it is cut and marked with `…`; 200 by default
 */
export function printable(text: string, limit = 200): string {
	const escaped = text.slice(0, limit * 4).replace(unprintable, character => {
		const code = character.codePointAt(0) ?? 0;
		return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
	});
	return escaped.length > limit ? `${escaped.slice(0, limit)}…` : escaped;
}
