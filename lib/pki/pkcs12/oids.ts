import type {Hash} from './derive.js';

/** The kinds of things in a PKCS#12 file (RFC 7292), of content and of attributes (RFC 2985). */
export const oids = {
	data: '1.2.840.113549.1.7.1',
	encryptedData: '1.2.840.113549.1.7.6',
	keyBag: '1.2.840.113549.1.12.10.1.1',
	shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
	certBag: '1.2.840.113549.1.12.10.1.3',
	nestedBags: '1.2.840.113549.1.12.10.1.6',
	x509Certificate: '1.2.840.113549.1.9.22.1',
	friendlyName: '1.2.840.113549.1.9.20',
	localKeyId: '1.2.840.113549.1.9.21',
	anyExtendedKeyUsage: '2.5.29.37.0',
	/** Of Oracle: a certificate that has it is a trusted entry of a keystore, not part of a chain. */
	trustedKeyUsage: '2.16.840.1.113894.746875.1.1',
	pbes2: '1.2.840.113549.1.5.13',
	pbkdf2: '1.2.840.113549.1.5.12',
	hmacSha256: '1.2.840.113549.2.9',
	aes256: '2.16.840.1.101.3.4.1.42',
	tripleDesBySha1: '1.2.840.113549.1.12.1.3',
} as const;

/** The hashes. */
export const hashOids: Readonly<Record<Hash, string>> = {
	sha1: '1.3.14.3.2.26',
	sha224: '2.16.840.1.101.3.4.2.4',
	sha256: '2.16.840.1.101.3.4.2.1',
	sha384: '2.16.840.1.101.3.4.2.2',
	sha512: '2.16.840.1.101.3.4.2.3',
};
