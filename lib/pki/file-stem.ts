/** Names that Windows keeps for devices, whatever comes behind a dot. */
const device = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/**
 * The beginning of a file name for what a certificate is for: nothing in it leads to another directory,
 * hides the file, reads like a flag, or is forbidden on Windows.
 *
 * @returns at most 200 bytes
 */
export function fileStem(name: string): string {
	const clean = name
		.normalize('NFC')
		.replace(/[^\p{L}\p{M}\p{Nd}@._+-]/gu, '_')
		.replace(/^[.-]/, '_');
	const letters = Array.from(device.test(clean) ? `_${clean}` : clean);
	while (Buffer.byteLength(letters.join('')) > 200) {
		letters.pop();
	}
	return letters.join('');
}
