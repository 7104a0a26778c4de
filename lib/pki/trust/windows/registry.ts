import type {X509Certificate} from 'node:crypto';
import {certificatesIn} from '../certificates-in.js';

/** The property that holds the certificate itself (CERT_CERT_PROP_ID in wincrypt.h). */
const certificateProperty = 32;

/**
 * The certificates in what `reg query <key of a certificate store> /s` prints. Each is a value named
 * `Blob`, its bytes as hexadecimal digits: a row of properties, each with its number, a reserved number
 * and its length in four bytes, little-endian ([MS-OSHARED] 2.3.2.5.1, "SerializedPropertyEntry").
 */
export function registryCertificates(output: string): readonly X509Certificate[] {
	const blobs = output.matchAll(/^\s*Blob\s+REG_BINARY\s+([\dA-F]+)\s*$/gim);
	return Array.from(blobs, ([, digits = '']) => Buffer.from(digits, 'hex'))
		.flatMap(properties)
		.filter(({number}) => number === certificateProperty)
		.flatMap(({value}) => certificatesIn(value));
}

function properties(
	blob: Buffer,
): ReadonlyArray<{readonly number: number; readonly value: Buffer}> {
	const found = [];
	for (let at = 0; at + 12 <= blob.length; ) {
		const end = at + 12 + blob.readUInt32LE(at + 8);
		found.push({number: blob.readUInt32LE(at), value: blob.subarray(at + 12, end)});
		at = end;
	}
	return found;
}
