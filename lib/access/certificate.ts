import {ProxyError} from '../errors.js';
import type {Policy} from '../forward/seams.js';
import {printable} from '../printable.js';

/** What is asked of clients. */
export interface CertificateTerms {
	/** One of them has to be in the certificate, letter by letter; none for everybody who has one. */
	readonly names: readonly string[];
	/** By which authority it has to have been verified: connections may have begun under another. None admits none. */
	readonly authority: string | undefined;
	/** Whether that is the local one, and not that of a file. */
	readonly isLocal: boolean;
}

/** Admits clients that have proved who they are by a certificate as they connected. */
export function certificatePolicy({names, authority, isLocal}: CertificateTerms): Policy {
	// As sealport cert writes them, too.
	const wanted = new Set(names.flatMap(name => [name, name.normalize('NFC')]));
	const another = isLocal
		? 'make one with sealport cert --client <name>, and give it to the client'
		: 'give the client a certificate of the authority that this address asks for';
	return {
		name: 'mtls',
		admit({client: {certificate}}) {
			if (certificate === undefined) {
				return refuse(
					'the client connected before it was to be asked for a certificate',
					'connect again',
				);
			}
			if (certificate instanceof Error) {
				return refuse(certificate.message, another);
			}
			if (certificate.authority !== authority) {
				return refuse(
					'the client connected when certificates of another authority were asked for',
					'connect again',
				);
			}
			if (wanted.size > 0 && !certificate.names.some(name => wanted.has(name))) {
				return refuse(
					`the certificate of the client is for "${printable(certificate.name)}", which is not among the names to be let in`,
					'use a certificate for one of them, or add the name to --mtls',
				);
			}
			return undefined;
		},
	};
}

function refuse(why: string, hint: string): ProxyError {
	return new ProxyError('certificate-refused', 'downstream', why, {
		policy: 'mtls',
		hint,
	});
}
