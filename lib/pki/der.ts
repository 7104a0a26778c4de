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
	/** A number of at most 48 bits that is not negative, or the minimal big-endian bytes of a larger one. */
	integer(value: number | Buffer): DerNode;
	octets(content: Buffer): DerNode;
	/** @param unused bits at the end of the last byte that do not count */
	bits(content: Buffer, unused?: number): DerNode;
	utf8(text: string): DerNode;
	/** A BMPString: two bytes for each UTF-16 unit. */
	bmp(text: string): DerNode;
	/** The one value of NULL. */
	nothing(): DerNode;
	/** UTCTime up to 2049 and GeneralizedTime after (RFC 5280 section 4.1.2.5), whole seconds. */
	time(date: Date): DerNode;
	/** A constructed context-specific tag. */
	tagged(tag: number, ...parts: DerNode[]): DerNode;
	/** A primitive context-specific tag. */
	taggedBytes(tag: number, content: Buffer): DerNode;
	encode(node: DerNode): Buffer;
	/** BER, too. */
	decode(der: Buffer): DerNode;
	/** The dotted decimal form of the content of an OID. */
	dotted(content: Buffer): string;
}

const binary = (bytes: Buffer): string => bytes.toString('latin1');

/** The big-endian bytes of a number; a first bit of 1 would make it a negative one. */
function minimal(value: number): Buffer {
	const bytes = Buffer.alloc(7);
	bytes.writeUIntBE(value, 1, 6);
	const first = bytes.findIndex(byte => byte !== 0);
	const start = first < 0 ? 6 : (bytes[first] ?? 0) < 0x80 ? first : first - 1;
	return bytes.subarray(start);
}

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
			primitive(type.INTEGER, binary(typeof value === 'number' ? minimal(value) : value)),
		octets: content => primitive(type.OCTETSTRING, binary(content)),
		bits: (content, unused = 0) =>
			primitive(type.BITSTRING, String.fromCharCode(unused) + binary(content)),
		utf8: text => primitive(type.UTF8, binary(Buffer.from(text, 'utf8'))),
		// node-forge makes two bytes of each unit itself.
		bmp: text => primitive(type.BMPSTRING, text),
		nothing: () => primitive(type.NULL, ''),
		time: date =>
			date.getUTCFullYear() < 2050
				? primitive(type.UTCTIME, asn1.dateToUtcTime(date))
				: primitive(type.GENERALIZEDTIME, asn1.dateToGeneralizedTime(date)),
		tagged: (tag, ...parts) => asn1.create(CONTEXT_SPECIFIC, tag, true, parts),
		taggedBytes: (tag, content) => asn1.create(CONTEXT_SPECIFIC, tag, false, binary(content)),
		encode: node => Buffer.from(asn1.toDer(node).getBytes(), 'latin1'),
		decode: der => asn1.fromDer(binary(der)),
		dotted: content => asn1.derToOid(binary(content)),
	};
}
