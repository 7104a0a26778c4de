import {createPrivateKey, X509Certificate} from 'node:crypto';
import {dirname} from 'node:path';
import type {UserError} from '../../errors.js';
import type {Authority} from '../authority.js';
import {permitted} from '../constraints.js';
import {pemBlocks} from '../pem.js';
import {readConstraints} from '../read-constraints.js';
import {isOurs} from '../root.js';
import {storeError} from './store-error.js';
import {trustCommand} from './trust-command.js';

/** The issuing CA with its key, and the root certificate. */
export const authorityName = 'authority.pem';
/** The root certificate alone, for clients. */
export const caName = 'ca.pem';
/**
 * What to do about a store that is lost.
 *
 * @param directory absolute
 */
export function renewal(directory: string): string {
	return `run ${trustCommand(directory, '--renew')}: it makes a new authority and takes the old one out of the trust stores`;
}

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
export function parseAuthority(text: string, file: string): Authority {
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
			constraints: readConstraints(ca),
		};
	});
	if (!read(file, () => isRootFor(authority))) {
		throw unusable(file, 'its root is not one that Sealport makes');
	}
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
				`if that is right, run ${trustCommand(dirname(file))}: it makes a new authority in place of the old one`,
			);
		}
		if (now < Date.parse(validFrom)) {
			throw storeError(
				what,
				`it is valid only from ${validFrom}, and ${clock}`,
				`set the clock; if it is right, it was wrong when the authority was made: ${renewal(dirname(file))}`,
			);
		}
	}
}

/** A root that permits more than its issuing CA would make clients trust whoever has its key. */
function isRootFor({root, constraints: {dns, ip}}: Authority): boolean {
	const whole = readConstraints(root);
	return (
		isOurs(root) &&
		[...whole.dns, ...whole.ip].join() === [...dns, ...ip].join() &&
		ip.every(network => permitted.ip.includes(network))
	);
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
	return storeError(`cannot use the authority in ${file}`, why, renewal(dirname(file)));
}
