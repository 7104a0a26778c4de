import type {Machine} from '../machine.js';

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
	/** The keystore that it makes where there is a Java: never twice the same, for it holds times. */
	readonly keystore: string;
	/** The command that installs the program. */
	readonly install: string;
}

/**
 * Debian's update-ca-certificates(8): reads `*.crt`, writes bundle and links. `--fresh` alone takes away
 * the links of a certificate that is gone, and makes the hook of ca-certificates-java drop it.
 */
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

/** Alpine's update-ca-certificates(8) has the paths of Debian's; it takes no options and cleans up always. */
const alpine: LinuxFamily = {
	...debian,
	ids: ['alpine'],
	remove: [],
	install: 'apk add ca-certificates',
};

/**
 * Fedora's update-ca-trust(8): "QUICK HELP" puts a trusted CA into `source/anchors`; `extract` is what
 * the program does without arguments, and every version knows it.
 */
const fedora: LinuxFamily = {
	ids: ['fedora', 'rhel', 'centos', 'amzn'],
	directory: '/etc/pki/ca-trust/source/anchors',
	extension: '.pem',
	program: 'update-ca-trust',
	add: ['extract'],
	remove: ['extract'],
	bundle: '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
	keystore: '/etc/pki/ca-trust/extracted/java/cacerts',
	install: 'dnf install ca-certificates',
};

/**
 * Arch's update-ca-trust(8) has its own directories. `trust anchor --store` of p11-kit would choose the
 * file's name and form itself; a file of ours is found again, and gone without a trace.
 */
const arch: LinuxFamily = {
	ids: ['arch'],
	directory: '/etc/ca-certificates/trust-source/anchors',
	extension: '.crt',
	program: 'update-ca-trust',
	add: [],
	remove: [],
	bundle: '/etc/ca-certificates/extracted/tls-ca-bundle.pem',
	keystore: '/etc/ssl/certs/java/cacerts',
	install: 'pacman -S ca-certificates-utils',
};

/**
 * openSUSE's update-ca-certificates(8): its hooks leave alone what looks newer than its sources, which
 * `--fresh` overrides.
 */
const suse: LinuxFamily = {
	ids: ['suse', 'opensuse', 'sles'],
	directory: '/etc/pki/trust/anchors',
	extension: '.pem',
	program: 'update-ca-certificates',
	add: ['--fresh'],
	remove: ['--fresh'],
	bundle: '/var/lib/ca-certificates/ca-bundle.pem',
	keystore: '/var/lib/ca-certificates/java-cacerts',
	install: 'zypper install ca-certificates',
};

const families: readonly LinuxFamily[] = [fedora, suse, arch, alpine, debian];

/** The family that this machine belongs to: as its os-release(5) says, or else by its directories. */
export function familyOf(machine: Machine): LinuxFamily | undefined {
	const ids = idsOf(machine.read('/etc/os-release') ?? machine.read('/usr/lib/os-release'));
	const named = ids.flatMap(id => families.filter(family => family.ids.includes(id)));
	return (
		named[0] ??
		[...families].reverse().find(({directory}) => machine.entry(directory) !== undefined)
	);
}

/** `ID`, and then the ones in `ID_LIKE`, the closest first. */
function idsOf(release: Buffer | undefined): readonly string[] {
	const lines = (release?.toString() ?? '').split('\n');
	return ['ID', 'ID_LIKE'].flatMap(name => {
		const line = lines.find(each => each.startsWith(`${name}=`)) ?? '';
		return line
			.slice(name.length + 1)
			.replaceAll(/["']/g, '')
			.trim()
			.split(/\s+/);
	});
}
