/** An element of DER (ITU-T X.690), read. */
export interface DerElement {
	/** The identifier octet: class, whether it is constructed, and number. */
	readonly tag: number;
	readonly content: Buffer;
}

/**
 * Reads the elements that follow one another in a content. It is there for what lies on the way of every
 * start, so that node-forge does not.
 *
 * @throws RangeError for what is not DER, or has tags above 30, which certificates do not use
 */
export function readElements(content: Buffer): readonly DerElement[] {
	const elements: DerElement[] = [];
	let at = 0;
	while (at < content.length) {
		const tag = content.readUInt8(at);
		const short = content.readUInt8(at + 1);
		const width = short < 0x80 ? 0 : short & 0x7f;
		if ((tag & 0x1f) === 0x1f || short === 0x80 || width > 4) {
			throw new RangeError('not DER');
		}
		const start = at + 2 + width;
		const length = width === 0 ? short : content.readUIntBE(at + 2, width);
		if (start + length > content.length) {
			throw new RangeError('cut off');
		}
		elements.push({tag, content: content.subarray(start, start + length)});
		at = start + length;
	}
	return elements;
}

/** What is in an element: nothing in a primitive one, or in one that is missing. */
export function childrenOf(element: DerElement | undefined): readonly DerElement[] {
	return element !== undefined && (element.tag & 0x20) !== 0 ? readElements(element.content) : [];
}
