import {constants} from 'node:crypto';
import type {SecureContextOptions} from 'node:tls';
import type {ClientAuthority} from '../forward/seams.js';

/**
 * What every secure context and the listener itself are made with: TLS 1.2 and 1.3, with the ciphers
 * of Mozilla's intermediate configuration (Server Side TLS 5.7) and the client's order among them.
 * The listener passes the same to its TLS sockets, because a context that SNI chooses does not bring
 * all of its settings along.
 */
export const tlsSettings = Object.freeze({
	minVersion: 'TLSv1.2',
	maxVersion: 'TLSv1.3',
	honorCipherOrder: false,
	// For the DHE ciphers: a group that fits the size of the key, instead of none.
	dhparam: 'auto',
	ciphers: [
		'TLS_AES_128_GCM_SHA256',
		'TLS_AES_256_GCM_SHA384',
		'TLS_CHACHA20_POLY1305_SHA256',
		'ECDHE-ECDSA-AES128-GCM-SHA256',
		'ECDHE-RSA-AES128-GCM-SHA256',
		'ECDHE-ECDSA-AES256-GCM-SHA384',
		'ECDHE-RSA-AES256-GCM-SHA384',
		'ECDHE-ECDSA-CHACHA20-POLY1305',
		'ECDHE-RSA-CHACHA20-POLY1305',
		'DHE-RSA-AES128-GCM-SHA256',
		'DHE-RSA-AES256-GCM-SHA384',
		'DHE-RSA-CHACHA20-POLY1305',
	].join(':'),
} satisfies SecureContextOptions);

/**
 * The same, for contexts that may have to verify clients. A session taken up again would bring the verdict of
 * the connection before, and Node takes one without a certificate for verified; a renegotiation could
 * change who is there. So neither is possible.
 *
 * @param clients who has to have signed their certificates; `undefined` when they are not asked for one
 */
export function settingsFor(clients: ClientAuthority | undefined): SecureContextOptions {
	if (clients === undefined) {
		return tlsSettings;
	}
	return {
		...tlsSettings,
		ca: [...clients.certificates],
		secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
	};
}
