import type {DerNode} from '../der.js';
import {Pkcs12Fault} from './fault.js';

/**
 * The parts of a constructed node.
 *
 * @throws Pkcs12Fault `damaged` when it has none
 */
export function partsOf(node: DerNode | undefined): readonly DerNode[] {
	if (!Array.isArray(node?.value)) {
		throw new Pkcs12Fault('damaged');
	}
	return node.value;
}

/**
 * The bytes of a primitive node, or those of all its pieces, into which BER may cut an octet string.
 *
 * @throws Pkcs12Fault `damaged` when there is no node
 */
export function bytesOf(node: DerNode | undefined): Buffer {
	if (node === undefined) {
		throw new Pkcs12Fault('damaged');
	}
	return Array.isArray(node.value)
		? Buffer.concat(node.value.map(bytesOf))
		: Buffer.from(node.value, 'latin1');
}

/** An integer that is not negative; what takes more than six bytes is as good as infinite. */
export function numberOf(node: DerNode | undefined): number {
	const bytes = bytesOf(node);
	if (bytes.length === 0 || (bytes[0] ?? 0) >= 0x80) {
		throw new Pkcs12Fault('damaged');
	}
	return bytes.length > 6 ? Number.POSITIVE_INFINITY : bytes.readUIntBE(0, bytes.length);
}
