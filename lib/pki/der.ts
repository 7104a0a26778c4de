import type {asn1} from 'node-forge';

/** A piece of DER that is not written yet. */
export type DerNode = asn1.Asn1;

/** Writes DER (ITU-T X.690): what certificates need of it. */
export interface Der {
	sequence(...parts: DerNode[]): DerNode;
	set(...parts: DerNode[]): DerNode;
	/** Dotted decimal. */
	oid(dotted: string): DerNode;
	boolean(value: boolean): DerNode;
	/** A number from 0 to 127, or the minimal big-endian bytes of a larger one. */
	integer(value: number | Buffer): DerNode;
	octets(content: Buffer): DerNode;
	/** @param unused bits at the end of the last byte that do not count */
	bits(content: Buffer, unused?: number): DerNode;
	utf8(text: string): DerNode;
	/** UTCTime up to 2049 and GeneralizedTime after (RFC 5280 section 4.1.2.5), whole seconds. */
	time(date: Date): DerNode;
	/** A constructed context-specific tag. */
	tagged(tag: number, ...parts: DerNode[]): DerNode;
	/** A primitive context-specific tag. */
	taggedBytes(tag: number, content: Buffer): DerNode;
	encode(node: DerNode): Buffer;
	decode(der: Buffer): DerNode;
}

const binary = (bytes: Buffer): string => bytes.toString('latin1');

/**
 * Loads the DER writer. Only the part of node-forge that reads and writes ASN.1 is loaded, a tenth of
 * the whole, since this lies on the way of every start.
 */
export async function loadDer(): Promise<Der> {
	const {default: asn1} = await import('node-forge/lib/asn1.js');
	const {UNIVERSAL, CONTEXT_SPECIFIC} = asn1.Class;
	const type = asn1.Type;
	const primitive = (kind: asn1.Type, content: string) =>
		asn1.create(UNIVERSAL, kind, false, content);

	return {
		sequence: (...parts) => asn1.create(UNIVERSAL, type.SEQUENCE, true, parts),
		set: (...parts) => asn1.create(UNIVERSAL, type.SET, true, parts),
		oid: dotted => primitive(type.OID, asn1.oidToDer(dotted).getBytes()),
		boolean: value => primitive(type.BOOLEAN, value ? '\u00ff' : '\u0000'),
		integer: value =>
			primitive(
				type.INTEGER,
				typeof value === 'number' ? String.fromCharCode(value) : binary(value),
			),
		octets: content => primitive(type.OCTETSTRING, binary(content)),
		bits: (content, unused = 0) =>
			primitive(type.BITSTRING, String.fromCharCode(unused) + binary(content)),
		utf8: text => primitive(type.UTF8, binary(Buffer.from(text, 'utf8'))),
		time: date =>
			date.getUTCFullYear() < 2050
				? primitive(type.UTCTIME, asn1.dateToUtcTime(date))
				: primitive(type.GENERALIZEDTIME, asn1.dateToGeneralizedTime(date)),
		tagged: (tag, ...parts) => asn1.create(CONTEXT_SPECIFIC, tag, true, parts),
		taggedBytes: (tag, content) => asn1.create(CONTEXT_SPECIFIC, tag, false, binary(content)),
		encode: node => Buffer.from(asn1.toDer(node).getBytes(), 'latin1'),
		decode: der => asn1.fromDer(binary(der)),
	};
}
