/** Methods that may be sent once more without harm (RFC 9110 section 9.2.2), as far as bodies allow. */
export const replayable: ReadonlySet<string> = new Set([
	'GET',
	'HEAD',
	'OPTIONS',
	'TRACE',
	'PUT',
	'DELETE',
]);
