import type {X509Certificate} from 'node:crypto';
import {UserError} from '../../../errors.js';
import {printable} from '../../../printable.js';
import {certificatesIn} from '../certificates-in.js';
import type {Machine} from '../machine.js';
import type {Actor} from '../run-program.js';
import {commandLine, type Step} from '../step.js';

/** The password with which every Java ships its keystore. */
const password = 'changeit';

/** A trusted certificate in a keystore, and its name there. */
export interface KeystoreEntry {
	readonly alias: string;
	readonly certificate: X509Certificate;
}

/**
 * The trusted certificates in a keystore, by one start of `keytool`.
 *
 * @param program absolute path of `keytool`
 * @throws UserError `trust-store-unusable`
 */
export async function entriesOf(
	machine: Machine,
	program: string,
	keystore: string,
	by: Actor,
): Promise<readonly KeystoreEntry[]> {
	const args = ['-list', '-rfc', ...opening(keystore), '-J-Duser.language=en'];
	const {code, stdout, stderr} = await machine.ask(program, args, by);
	if (code !== 0) {
		throw unreadable(machine, keystore, program, `${stdout}\n${stderr}`.trim());
	}
	return stdout.split(/^Alias name: /m).flatMap(text => {
		const alias = text.split('\n', 1)[0]?.trim() ?? '';
		return text.includes('trustedCertEntry')
			? certificatesIn(text).map(certificate => ({alias, certificate}))
			: [];
	});
}

function unreadable(
	{platform}: Machine,
	keystore: string,
	program: string,
	said: string,
): UserError {
	const step = {kind: 'run', program, args: ['-list', '-keystore', keystore]} as const;
	const command = commandLine(step, platform);
	return /password was incorrect|password verification failed/i.test(said)
		? new UserError(
				'trust-store-unusable',
				`cannot open ${keystore}: its password is not ${password}, which Java ships it with`,
				{hint: `try it with the right one: ${command}`},
			)
		: new UserError(
				'trust-store-unusable',
				`cannot read ${keystore}: ${printable(said.split(/\r?\n/).at(-1) ?? '')}`,
				{hint: `look at it with: ${command}`},
			);
}

/** Puts a certificate in. */
export function importing(program: string, keystore: string, alias: string, file: string): Step {
	const what = ['-alias', alias, '-file', file];
	return {
		kind: 'run',
		program,
		args: ['-importcert', '-noprompt', '-trustcacerts', ...what, ...opening(keystore)],
	};
}

/** Takes a certificate out. */
export function deleting(program: string, keystore: string, alias: string): Step {
	return {kind: 'run', program, args: ['-delete', '-alias', alias, ...opening(keystore)]};
}

function opening(keystore: string): readonly string[] {
	return ['-keystore', keystore, '-storepass', password];
}
