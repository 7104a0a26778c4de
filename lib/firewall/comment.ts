/**
 * Text as it may stand in a comment of any script: one line of ASCII in quotation marks. The mark at its end is
 * needed: pf takes a backslash at the end of a line for its continuation, also in a comment.
 */
export function quoted(text: string): string {
	return JSON.stringify(text).replace(/[^\x20-\x7e]/g, unit => {
		return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
	});
}
