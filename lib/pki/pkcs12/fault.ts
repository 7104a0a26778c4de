/** Why a PKCS#12 file cannot be read. */
export type FaultKind =
	/** The passphrase is another one. */
	| 'passphrase'
	/** It is not what it should be. */
	| 'damaged'
	/** It is encrypted in a way that is not known here. */
	| 'unknown'
	/** It asks for more work than any honest file does. */
	| 'slow';

/** A PKCS#12 file cannot be read; whoever knows its path says so. */
export class Pkcs12Fault extends Error {
	override readonly name = 'Pkcs12Fault';

	constructor(
		readonly kind: FaultKind,
		message: string = kind,
	) {
		super(message);
	}
}
