import {UserError} from '../../errors.js';
import {parseKeyType} from '../../pki/key-type.js';
import {defaultDirectory} from '../../pki/store/directory.js';
import {type CertificateOrder, writeCertificate} from '../../pki/write-certificate.js';
import {printable} from '../../printable.js';
import {note, result, warn} from '../output.js';

/** What the flags and arguments of `cert` come to. */
export interface CertFlags {
	readonly names?: readonly string[] | undefined;
	readonly client?: string | undefined;
	readonly keyType?: string | undefined;
	readonly days?: string | undefined;
	readonly certs?: string | undefined;
	readonly out?: string | undefined;
	readonly p12?: boolean | undefined;
	readonly passphrase?: string | undefined;
	readonly legacy?: boolean | undefined;
	readonly force?: boolean | undefined;
	readonly json?: boolean | undefined;
	readonly quiet?: boolean | undefined;
}

/** Apple's clients refuse leaves that live longer, under roots of the user's own, too. */
const mostDays = 825;

/**
 * `sealport cert [names..]`: writes a certificate and its key for other programs.
 *
 * @returns the exit code
 * @throws UserError `usage`, `option-invalid`, and what `writeCertificate` throws
 */
export async function cert(flags: CertFlags): Promise<number> {
	const {json, quiet} = flags;
	const order = orderOf(flags);
	const {files, names, notAfter, fingerprint, caFile, warnings} = await writeCertificate(order);
	if (json) {
		result(JSON.stringify({event: 'certificate', files, names, notAfter, fingerprint, ca: caFile}));
	} else {
		for (const file of files) {
			result(printable(file, 4000));
		}
	}
	if (quiet) {
		return 0;
	}
	for (const warning of warnings) {
		warn(warning);
	}
	if (order.pkcs12 !== undefined && !/^[\x20-\x7e]*$/.test(order.pkcs12.passphrase)) {
		warn('Java does not open it: its passphrases are of ASCII characters only');
	}
	if (!json) {
		const what = order.subject.kind === 'client' ? 'client' : 'server';
		note(
			`a ${what} certificate for ${names.join(', ')}, until ${notAfter.toISOString().slice(0, 10)}`,
		);
		note(`what trusts ${caFile} accepts it`);
	}
	return 0;
}

function orderOf(flags: CertFlags): CertificateOrder {
	const {names = [], client, p12 = false, passphrase = '', legacy = false} = flags;
	const {certs = defaultDirectory(), out = '.', force = false} = flags;
	if (client !== undefined && names.length > 0) {
		throw new UserError('usage', `names: ${JSON.stringify(names[0])} beside --client`, {
			hint: 'a certificate is for a server or for a client: run sealport cert twice',
		});
	}
	if (legacy && !p12) {
		throw new UserError('usage', 'legacy: given without --p12', {
			hint: 'it is about how a PKCS#12 file is encrypted; PEM files are not',
		});
	}
	if (p12 && passphrase === '') {
		throw new UserError('usage', 'p12: given without a passphrase to encrypt the file with', {
			hint: 'set SEALPORT_PASSPHRASE, or give --passphrase, which other users of this machine can see',
		});
	}
	const wanted = names.length === 0 ? ['localhost', '127.0.0.1', '::1'] : names;
	return {
		subject:
			client === undefined ? {kind: 'server', names: wanted} : {kind: 'client', name: client},
		keyType: parseKeyType(flags.keyType ?? 'ec'),
		days: daysOf(flags.days),
		pkcs12: p12 ? {passphrase, strength: legacy ? 'legacy' : 'modern'} : undefined,
		directory: certs,
		out,
		force,
	};
}

function daysOf(text = '365'): number {
	const days = /^\d{1,9}$/.test(text) ? Number(text) : 0;
	if (days < 1 || days > mostDays) {
		throw new UserError(
			'option-invalid',
			`days: expected 1 to ${mostDays}, got ${JSON.stringify(text)}`,
			{
				hint:
					days > mostDays
						? 'Apple refuses certificates that live longer; run sealport cert again when it ends'
						: 'give a number of days, such as 365',
			},
		);
	}
	return days;
}
