import {UserError} from '../../../errors.js';
import {isOurs} from '../../root.js';
import type {Machine} from '../machine.js';
import type {Place, StoreName} from '../place.js';
import {registryCertificates} from './registry.js';

/** The programs of Windows that the store is read and changed with; `undefined` when not found. */
export interface WindowsPrograms {
	readonly certutil: string | undefined;
	readonly reg: string | undefined;
}

/** Where Windows keeps the trusted roots that a user added ("System Store Locations"). */
const stores = 'HKCU\\Software\\Microsoft\\SystemCertificates';
/** Where a group policy says what is to become of them; bit 0 of `Flags`: they are ignored (wincrypt.h). */
const policy = 'HKLM\\SOFTWARE\\Policies\\Microsoft\\SystemCertificates\\Root\\ProtectedRoots';

/**
 * The store of trusted roots of the current user of Windows.
 *
 * It is changed by certutil, as Microsoft's page "certutil" describes it (`-user`, `-addstore`,
 * `-delstore`), since Windows ignores what is put there in another way. It is read from the registry:
 * certutil prints SHA-1 alone and in the language of the user, the registry has the certificates.
 *
 * @param store as what `--store` knows it
 * @param pathOf a file's path as Windows knows it
 */
export async function userRootStore(
	machine: Machine,
	store: StoreName,
	programs: WindowsPrograms,
	pathOf: (file: string) => Promise<string>,
): Promise<Place> {
	const {certutil = 'certutil.exe', reg = 'reg.exe'} = programs;
	const query = (...args: readonly string[]) => machine.ask(reg, ['query', ...args], 'person');
	const isFound = programs.certutil !== undefined && programs.reg !== undefined;
	return {
		store,
		label: 'trusted roots of the Windows user',
		by: 'person',
		obstacle: isFound ? await forbidden(query) : missing,
		meanwhile: 'Windows asks in a window of its own whether it may: answer yes',
		async look() {
			const {code, stdout} = await query(`${stores}\\Root\\Certificates`, '/s');
			if (code === 0) {
				return registryCertificates(stdout).filter(isOurs);
			}
			// Code 1 means that the key is missing, or that the registry may not be read at all.
			if ((await query(stores)).code !== 0) {
				throw new UserError(
					'trust-store-unusable',
					`cannot read ${stores}: reg query ended with code ${code}`,
					{hint: 'a policy may forbid registry tools; certmgr.msc shows what is trusted'},
				);
			}
			return [];
		},
		add: async ({file}) => [
			{
				kind: 'run',
				program: certutil,
				args: ['-user', '-addstore', 'Root', await pathOf(file)],
			},
		],
		// The store's own key is SHA-1; the certificate was found by its SHA-256.
		remove: async ({certificate}) => [
			{
				kind: 'run',
				program: certutil,
				args: ['-user', '-delstore', 'Root', certificate.fingerprint.replaceAll(':', '')],
			},
		],
	};
}

const missing: Place['obstacle'] = {
	reason: 'certutil.exe and reg.exe were not both found in the System32 directory of Windows',
	hint: 'they are part of Windows: import the root with certmgr.msc instead',
};

async function forbidden(
	query: (...args: readonly string[]) => ReturnType<Machine['ask']>,
): Promise<Place['obstacle']> {
	const {code, stdout} = await query(policy, '/v', 'Flags');
	const flags = /\bFlags\s+REG_DWORD\s+0x([\da-f]{1,8})\b/i.exec(stdout)?.[1] ?? '0';
	if (code !== 0 || (Number.parseInt(flags, 16) & 1) === 0) {
		return undefined;
	}
	return {
		reason: 'a group policy makes Windows ignore the roots that users trust',
		hint: 'ask who administers this machine, or see sealport env --help',
	};
}
