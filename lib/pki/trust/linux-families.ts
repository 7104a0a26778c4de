import type {Machine} from './machine.js';

/** How a family of Linux distributions keeps the certificates that the administrator adds. */
export interface LinuxFamily {
	/** `ID` or `ID_LIKE` in os-release(5). */
	readonly ids: readonly string[];
	/** Directory of the administrator's certificates, one a file. */
	readonly directory: string;
	/** Ending of their names. */
	readonly extension: '.crt' | '.pem';
	/** The program that makes from them what other programs read. */
	readonly program: string;
	/** Its arguments after a certificate came. */
	readonly add: readonly string[];
	/** Its arguments after one went. */
	readonly remove: readonly string[];
	/** The bundle that it makes. */
	readonly bundle: string;
	/** The keystore for Java that it makes where Java wants one: never twice the same, for it holds times. */
	readonly keystore: string;
	/** The command that installs the program. */
	readonly install: string;
}

/** update-ca-certificates(8) of Debian: `--fresh` alone takes the links of removed certificates away. */
const debian: LinuxFamily = {
	ids: ['debian', 'ubuntu'],
	directory: '/usr/local/share/ca-certificates',
	extension: '.crt',
	program: 'update-ca-certificates',
	add: [],
	remove: ['--fresh'],
	bundle: '/etc/ssl/certs/ca-certificates.crt',
	keystore: '/etc/ssl/certs/java/cacerts',
	install: 'apt-get install ca-certificates',
};

export const families: readonly LinuxFamily[] = [debian];

/** The family that this machine belongs to: as its os-release says or else by its directories. */
export function familyOf(machine: Machine): LinuxFamily | undefined {
	const text = (machine.read('/etc/os-release') ?? machine.read('/usr/lib/os-release'))?.toString();
	const ids = Array.from((text ?? '').matchAll(/^ID(?:_LIKE)?=(.*)$/gm), ([, value = '']) =>
		value.replaceAll(/["']/g, '').trim().split(/\s+/),
	).flat();
	return (
		families.find(family => family.ids.some(id => ids.includes(id))) ??
		families.find(({directory}) => machine.entry(directory) !== undefined)
	);
}
