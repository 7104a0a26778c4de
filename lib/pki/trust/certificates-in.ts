import {X509Certificate} from 'node:crypto';
import {pemBlocks, pemOf} from '../pem.js';

/** The certificates in a file, PEM or DER, in its order; what cannot be read is left out. */
export function certificatesIn(content: string | Buffer): readonly X509Certificate[] {
	const blocks = pemOf(pemBlocks(content.toString('latin1')), 'CERTIFICATE');
	return (blocks.length > 0 ? blocks : [content]).flatMap(certificate => {
		try {
			return [new X509Certificate(certificate)];
		} catch {
			return [];
		}
	});
}
