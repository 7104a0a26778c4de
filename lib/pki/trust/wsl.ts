import {posix} from 'node:path';
import {UserError} from '../../errors.js';
import type {Machine} from './machine.js';
import type {FindPlaces, Place} from './place.js';
import {userRootStore} from './windows/root-store.js';
import {systemDrive} from './wsl/drive.js';

/**
 * The Windows side of the Windows Subsystem for Linux, where the browsers are: the trusted roots of the
 * Windows user. The Linux side is a Linux like any other.
 *
 * Microsoft's page "Working across Windows and Linux file systems" describes how Linux runs programs of
 * Windows, and `wslpath`, which gives the path of a Linux file on Windows.
 */
export const findWsl: FindPlaces = async machine => {
	if (!isWsl(machine)) {
		return [];
	}
	const drive = systemDrive(machine);
	const wslpath = machine.find('wslpath');
	if (drive === undefined || wslpath === undefined || !runsWindows(machine)) {
		return [unreachable];
	}
	const program = (name: string) => {
		const path = posix.join(drive, 'Windows/System32', name);
		return machine.entry(path)?.kind === 'file' ? path : undefined;
	};
	const programs = {certutil: program('certutil.exe'), reg: program('reg.exe')};
	return [
		await userRootStore(machine, 'windows', programs, async file => {
			const {code, stdout} = await machine.ask(wslpath, ['-w', file], 'person');
			const path = stdout.trim();
			if (code !== 0 || path === '') {
				throw new UserError(
					'trust-store-unusable',
					`cannot tell Windows where ${file} is: wslpath ended with code ${code}`,
					{hint: 'put the files where Windows can read them: see --certs'},
				);
			}
			return path;
		}),
	];
};

const unreachable: Place = {
	store: 'windows',
	label: 'trusted roots of the Windows user',
	by: 'person',
	obstacle: {
		reason: 'drive C: is not mounted, or programs of Windows cannot be run from here',
		hint: 'see [automount] and [interop] in /etc/wsl.conf, or run sealport trust in Windows',
	},
	look: async () => [],
	add: async () => [],
	remove: async () => [],
};

/** The kernel alone does not tell: a container on it is no WSL. */
function isWsl({platform, env, read, entry}: Machine): boolean {
	return (
		platform === 'linux' &&
		/microsoft/i.test(read('/proc/version')?.toString() ?? '') &&
		(env.WSL_INTEROP !== undefined || entry('/run/WSL') !== undefined)
	);
}

/** Whether the kernel hands programs of Windows over to Windows; the second name is that under systemd. */
function runsWindows({entry}: Machine): boolean {
	const names = ['WSLInterop', 'WSLInterop-late'];
	return names.some(name => entry(`/proc/sys/fs/binfmt_misc/${name}`) !== undefined);
}
