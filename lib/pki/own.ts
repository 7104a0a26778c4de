import {createPrivateKey, type KeyObject, X509Certificate} from 'node:crypto';
import {closeSync, openSync, readSync} from 'node:fs';
import {reasonOf, systemCode, UserError} from '../errors.js';
import {shellWord} from '../shell-word.js';
import {type KeyPair, pair} from './key-pair.js';
import {type PemBlock, pemBlocks, pemOf} from './pem.js';

/** The next action when a passphrase is missing or wrong. */
export const passphraseHint = 'give the right one with --passphrase, or in SEALPORT_PASSPHRASE';

/** Bytes; far more than any key and its certificates take. */
const most = 1024 * 1024;

/**
 * Reads a file that a person named, following links.
 *
 * @param what the option it was given for, such as `cert`
 * @throws UserError `certificate-unreadable`, also for one of more than 1 MiB
 */
export function readNamed(what: string, path: string): Buffer {
	let content: Buffer;
	try {
		content = readUpTo(path, most + 1);
	} catch (error) {
		throw new UserError(
			'certificate-unreadable',
			`${what}: cannot read ${path}: ${reasonOf(error)}`,
			{
				hint: 'check the path and its permissions',
				cause: error,
			},
		);
	}
	if (content.length > most) {
		throw new UserError(
			'certificate-unreadable',
			`${what}: ${path} has more than ${most} bytes, far too many for a key or a certificate`,
			{hint: 'check the path'},
		);
	}
	return content;
}

/** The beginning of a file, which may be a pipe or have no end at all. */
function readUpTo(path: string, length: number): Buffer {
	const file = openSync(path, 'r');
	try {
		const buffer = Buffer.alloc(length);
		let size = 0;
		for (let count = -1; count !== 0 && size < length; size += count) {
			count = readSync(file, buffer, size, length - size, null);
		}
		return buffer.subarray(0, size);
	} finally {
		closeSync(file);
	}
}

/**
 * Reads a person's own certificate and key from PEM files (RFC 7468). The certificate file may hold
 * the chain, in any order.
 *
 * @param passphrase of the key, when it is encrypted
 * @throws UserError `certificate-unreadable`, `certificate-invalid`, `key-mismatch` or
 *   `passphrase-wrong`
 */
export function openOwn(certPath: string, keyPath: string, passphrase?: string): KeyPair {
	const certificates = readCertificates(certPath);
	const key = readKey(keyPath, passphrase);
	const found = pair(key, certificates);
	if (found === undefined) {
		throw new UserError(
			'key-mismatch',
			`cert and key: the key in ${keyPath} does not belong to the certificate in ${certPath}`,
			{hint: 'give the key that the certificate was made with'},
		);
	}
	return found;
}

function readCertificates(path: string): readonly X509Certificate[] {
	const texts = pemOf(blocksOf('cert', path), 'CERTIFICATE');
	if (texts.length === 0) {
		throw invalid('cert', path, 'it holds no certificate in PEM', 'x509');
	}
	try {
		return texts.map(text => new X509Certificate(text));
	} catch (error) {
		throw invalid('cert', path, 'a certificate in it is damaged', 'x509', error);
	}
}

function readKey(path: string, passphrase: string | undefined): KeyObject {
	const block = blocksOf('key', path).find(({label}) => label.endsWith('PRIVATE KEY'));
	if (block === undefined) {
		throw invalid('key', path, 'it holds no private key in PEM', 'pkey');
	}
	const isEncrypted =
		block.label.startsWith('ENCRYPTED') || /^Proc-Type:.*ENCRYPTED/m.test(block.text);
	if (isEncrypted && passphrase === undefined) {
		throw new UserError(
			'passphrase-wrong',
			`key: ${path} is encrypted, and no passphrase was given`,
			{
				hint: passphraseHint,
			},
		);
	}
	try {
		return createPrivateKey({key: block.text, passphrase: isEncrypted ? passphrase : undefined});
	} catch (error) {
		// No cause in what follows: it comes from code that handled the key.
		if (isEncrypted) {
			// A wrong passphrase may, by chance, make of it what looks like a key of an unknown kind.
			const doubt = systemCode(error) === 'ERR_OSSL_UNSUPPORTED';
			const otherwise = doubt ? ', or it is encrypted in a way that is not known here' : '';
			throw new UserError(
				'passphrase-wrong',
				`key: the passphrase does not open ${path}${otherwise}`,
				{
					hint: passphraseHint,
				},
			);
		}
		throw invalid('key', path, 'the private key in it is damaged, or of an unknown kind', 'pkey');
	}
}

function blocksOf(what: string, path: string): readonly PemBlock[] {
	return pemBlocks(readNamed(what, path).toString('latin1'));
}

function invalid(
	what: string,
	path: string,
	why: string,
	tool: string,
	cause?: unknown,
): UserError {
	const file = shellWord(path);
	return new UserError('certificate-invalid', `${what}: cannot use ${path}: ${why}`, {
		hint: `if it is in DER, convert it: openssl ${tool} -inform der -in ${file} -out ${what}.pem; a .pfx or .p12 file goes to --pfx`,
		cause,
	});
}
