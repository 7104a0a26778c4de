/** One block of a PEM file (RFC 7468). */
export interface PemBlock {
	/** `CERTIFICATE`, `PRIVATE KEY` and the like. */
	readonly label: string;
	/** From its first dash to its last, with a line end. */
	readonly text: string;
}

/** The blocks of a PEM text in their order; text between them is explanation and left out. */
export function pemBlocks(text: string): readonly PemBlock[] {
	const blocks = text.matchAll(/-----BEGIN ([A-Z\d ]{1,40})-----[\s\S]*?-----END \1-----/g);
	return Array.from(blocks, ([block, label = '']) => ({label, text: `${block}\n`}));
}

/** The texts of the blocks with this label. */
export function pemOf(blocks: readonly PemBlock[], label: string): readonly string[] {
	return blocks.filter(block => block.label === label).map(block => block.text);
}
