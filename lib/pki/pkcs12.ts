import {createPrivateKey, X509Certificate} from 'node:crypto';
import {UserError} from '../errors.js';
import {loadDer} from './der.js';
import {type KeyPair, pair} from './key-pair.js';
import {passphraseHint, readNamed} from './own.js';
import {type Bags, readBags} from './pkcs12/bags.js';
import type {Opener} from './pkcs12/decrypt.js';
import {Pkcs12Fault} from './pkcs12/fault.js';

/** Rounds of key derivation that a file may ask for in all; NSS writes 600,000 for each of its parts. */
const mostRounds = 3_000_000;

/**
 * Reads a key and its certificates from a PKCS#12 file (RFC 7292), as OpenSSL, keytool and browsers
 * write it: PBES2 with AES as well as the older RC2 and Triple-DES, RSA as well as EC keys.
 *
 * @param passphrase none and an empty one are the same
 * @throws UserError `certificate-unreadable`, `certificate-invalid`, `passphrase-wrong` or `key-mismatch`
 */
export async function openPkcs12(path: string, passphrase = ''): Promise<KeyPair> {
	const content = readNamed('pfx', path);
	const {default: forge} = await import('node-forge');
	const tools = {der: await loadDer(), forge};
	const {keys, certificates} = read(tools, content, path, passphrase);
	if (keys.length === 0 || certificates.length === 0) {
		throw invalid(path, `it holds no ${keys.length === 0 ? 'private key' : 'certificate'}`);
	}
	const parsed = parse(path, {keys, certificates});
	for (const key of parsed.keys) {
		const found = pair(key, parsed.certificates);
		if (found !== undefined) {
			return found;
		}
	}
	throw new UserError('key-mismatch', `pfx: in ${path} no certificate belongs to the key`, {
		hint: 'make the file anew from the key and the certificate that was made with it',
	});
}

function read(
	tools: Pick<Opener, 'der' | 'forge'>,
	content: Buffer,
	path: string,
	passphrase: string,
): Bags {
	let left = mostRounds;
	const spend = (rounds: number) => {
		if (rounds < 1) {
			throw new Pkcs12Fault('damaged');
		}
		left -= rounds;
		if (left < 0) {
			throw new Pkcs12Fault('slow', String(rounds));
		}
	};
	// Writers differ in what an empty passphrase is.
	const attempts = passphrase === '' ? ['', undefined] : [passphrase];
	let fault: Pkcs12Fault | undefined;
	for (const attempt of attempts) {
		try {
			return readBags({...tools, passphrase: attempt, spend}, content);
		} catch (error) {
			// Beside our own, only node-forge and node:crypto throw here, at what they cannot read.
			fault ??= error instanceof Pkcs12Fault ? error : new Pkcs12Fault('damaged');
		}
	}
	throw describe(fault, path, passphrase);
}

function describe(fault: Pkcs12Fault | undefined, path: string, passphrase: string): UserError {
	switch (fault?.kind) {
		case 'passphrase':
			return new UserError(
				'passphrase-wrong',
				passphrase === ''
					? `pfx: ${path} is encrypted, and no passphrase was given`
					: `pfx: the passphrase does not open ${path}`,
				{hint: passphraseHint},
			);
		case 'unknown':
			return invalid(path, `it is encrypted in a way that is not known here (${fault.message})`);
		case 'slow':
			return invalid(
				path,
				`it asks for more than ${mostRounds} rounds of key derivation (${fault.message})`,
			);
		default:
			return invalid(path, 'it is damaged, or not PKCS#12');
	}
}

function parse(path: string, {keys, certificates}: Bags) {
	try {
		return {
			keys: keys.map(key => createPrivateKey({key, format: 'der', type: 'pkcs8'})),
			certificates: certificates.map(certificate => new X509Certificate(certificate)),
		};
	} catch {
		// Without the cause: it comes from code that handled the key.
		throw invalid(path, 'its key or a certificate is damaged, or of an unknown kind');
	}
}

function invalid(path: string, why: string): UserError {
	return new UserError('certificate-invalid', `pfx: cannot use ${path}: ${why}`, {
		hint: 'give a .pfx or .p12 file with a key and its certificate; PEM files go to --cert and --key',
	});
}
