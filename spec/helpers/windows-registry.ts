import {X509Certificate} from 'node:crypto';

const store = 'HKEY_CURRENT_USER\\Software\\Microsoft\\SystemCertificates\\Root\\Certificates';

/** What `reg query` prints of a store with these certificates, PEM. */
export function registryOutput(...certificates: readonly string[]): string {
	const values = certificates.map(pem => {
		const {raw, fingerprint} = new X509Certificate(pem);
		const key = fingerprint.replaceAll(':', '');
		// The SHA-1 (3), the name that a person gave it (11), the certificate (32).
		const blob = Buffer.concat([
			property(3, Buffer.from(key, 'hex')),
			property(11, Buffer.from('a name\0', 'utf16le')),
			property(32, raw),
		]);
		const digits = blob.toString('hex').toUpperCase();
		return `${store}\\${key}\r\n    Blob    REG_BINARY    ${digits}\r\n`;
	});
	return `\r\n${store}\r\n${values.map(value => `\r\n${value}`).join('')}\r\n`;
}

/** A property of a certificate in a store, as the registry keeps it. */
export function property(number: number, value: Buffer): Buffer {
	const head = Buffer.alloc(12);
	head.writeUInt32LE(number, 0);
	head.writeUInt32LE(1, 4);
	head.writeUInt32LE(value.length, 8);
	return Buffer.concat([head, value]);
}
