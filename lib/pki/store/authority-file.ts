import {createPrivateKey, X509Certificate} from 'node:crypto';
import type {UserError} from '../../errors.js';
import type {Authority} from '../authority.js';
import type {Der} from '../der.js';
import {pemBlocks} from '../pem.js';
import {readConstraints} from '../read-constraints.js';
import {storeError} from './store-error.js';

/** The issuing CA with its key, and the root certificate. */
export const authorityName = 'authority.pem';
/** The root certificate alone, for clients. */
export const caName = 'ca.pem';
/** What to do about a store that is lost. */
export const newAuthority =
	'run sealport trust --renew: it makes a new authority and takes the old one out of the trust stores';

/** The content of `authority.pem`: key (PKCS#8), issuing certificate, root certificate. */
export function serialiseAuthority({key, issuing, root}: Authority): string {
	return `${key.export({type: 'pkcs8', format: 'pem'})}${issuing}${root}`;
}

/**
 * Reads the content of `authority.pem`.
 *
 * @param file its path, for the error's text
 * @throws UserError `store-unusable` when it is damaged or inconsistent
 */
export function parseAuthority(der: Der, text: string, file: string): Authority {
	const blocks = pemBlocks(text);
	if (blocks.map(block => block.label).join() !== 'PRIVATE KEY,CERTIFICATE,CERTIFICATE') {
		throw unusable(file, 'it is truncated, or not what Sealport wrote');
	}
	const [key, issuing, root] = blocks.map(block => block.text) as [string, string, string];
	const authority = read(file, () => {
		const ca = new X509Certificate(issuing);
		return {
			key: createPrivateKey(key),
			issuing: ca,
			root: new X509Certificate(root),
			constraints: readConstraints(der, ca),
		};
	});
	if (!read(file, () => authority.issuing.checkPrivateKey(authority.key))) {
		throw unusable(file, 'its key does not belong to its certificate');
	}
	if (!read(file, () => isChain(authority))) {
		throw unusable(file, 'its certificates do not belong together');
	}
	return authority;
}

/**
 * Makes sure that an authority can be used now.
 *
 * @param file its path, for the error's text
 * @param now milliseconds since 1970
 * @throws UserError `store-unusable` outside its life
 */
export function assertAlive({issuing, root}: Authority, file: string, now: number): void {
	for (const {validFrom, validTo} of [issuing, root]) {
		const what = `cannot use the authority in ${file}`;
		const clock = `the clock of this machine says ${new Date(now).toISOString().slice(0, 10)}`;
		if (now > Date.parse(validTo)) {
			throw storeError(
				what,
				`it expired on ${validTo}, and ${clock}`,
				'if that is right, run sealport trust: it makes a new authority in place of the old one',
			);
		}
		if (now < Date.parse(validFrom)) {
			throw storeError(what, `it is valid only from ${validFrom}, and ${clock}`, 'set the clock');
		}
	}
}

function isChain({issuing, root}: Authority): boolean {
	return root.ca && issuing.ca && root.verify(root.publicKey) && issuing.verify(root.publicKey);
}

function read<Result>(file: string, operation: () => Result): Result {
	try {
		return operation();
	} catch {
		// Without the cause: OpenSSL's text says no more, and may one day quote what it read.
		throw unusable(file, 'it is damaged');
	}
}

function unusable(file: string, why: string): UserError {
	return storeError(`cannot use the authority in ${file}`, why, newAuthority);
}
