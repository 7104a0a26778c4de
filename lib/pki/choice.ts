import {UserError} from '../errors.js';
import {type KeyType, parseKeyType} from './key-type.js';

/** Which certificate to serve, and where it comes from. Paths are relative to the working directory. */
export type CertificateChoice =
	| {
			readonly kind: 'authority';
			readonly directory: string;
			/** Of the leaves; `ec` by default. */
			readonly keyType?: KeyType;
	  }
	| {readonly kind: 'self-signed'; readonly directory: string}
	| {
			readonly kind: 'own';
			readonly cert: string;
			readonly key: string;
			readonly passphrase?: string;
	  }
	| {readonly kind: 'pfx'; readonly pfx: string; readonly passphrase?: string};

/** The options as people give them: `--cert` and the like, or their namesakes in the library. */
export interface CertificateOptions {
	readonly cert?: string | undefined;
	readonly key?: string | undefined;
	readonly pfx?: string | undefined;
	readonly passphrase?: string | undefined;
	readonly selfSigned?: boolean | undefined;
	/** `ec` or `rsa`. */
	readonly keyType?: string | undefined;
	/** The store directory. */
	readonly directory: string;
}

/**
 * Reads the options that choose a certificate; without any it is the local authority's.
 *
 * @throws UserError `option-invalid` when they contradict or lack each other
 */
export function chooseCertificate(options: CertificateOptions): CertificateChoice {
	const {cert, key, pfx, passphrase, selfSigned = false, keyType, directory} = options;
	const own = cert !== undefined || key !== undefined;
	const given = [own && 'cert and key', pfx !== undefined && 'pfx', selfSigned && 'self-signed'];
	const kinds = given.filter(kind => kind !== false);
	if (kinds.length > 1) {
		refuse(`${kinds.join(' and ')}: only one of them can be served`, 'leave out all but one');
	}
	if (passphrase !== undefined && !own && pfx === undefined) {
		refuse('passphrase: given without a key to open', 'give --key and --cert, or --pfx, with it');
	}
	if (keyType !== undefined && kinds.length > 0) {
		refuse(
			`key-type: it is for certificates of the local authority, not for ${kinds.join()}`,
			'leave it out; SEALPORT_KEY_TYPE counts, too',
		);
	}
	const secret = passphrase === undefined ? {} : {passphrase};
	if (pfx !== undefined) {
		return {kind: 'pfx', pfx, ...secret};
	}
	if (cert !== undefined && key !== undefined) {
		return {kind: 'own', cert, key, ...secret};
	}
	if (cert !== undefined) {
		refuse(`cert: given without a key, got ${JSON.stringify(cert)}`, 'give its key with --key');
	}
	if (key !== undefined) {
		refuse(`key: given without a cert, got ${JSON.stringify(key)}`, 'give its cert with --cert');
	}
	if (selfSigned) {
		return {kind: 'self-signed', directory};
	}
	const leaves = keyType === undefined ? {} : {keyType: parseKeyType(keyType)};
	return {kind: 'authority', directory, ...leaves};
}

function refuse(message: string, hint: string): never {
	throw new UserError('option-invalid', message, {hint});
}
