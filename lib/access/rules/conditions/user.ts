import {systemProgram} from '../../../listener/holder/windows.js';
import {nearest} from '../../../nearest.js';
import {printable} from '../../../printable.js';
import type {System} from '../system.js';
import type {PeerCondition, Reading} from './condition.js';

/** Whose process it is to be. */
export interface UserCondition extends PeerCondition {
	/** `alice`, `DOMAIN\alice` on Windows, or the number of a user without a name. */
	readonly name: string;
	/** `undefined` on Windows. */
	readonly uid: number | undefined;
}

/**
 * Reads `user=`: a name, a number, or `me` for the user who runs Sealport, who called sudo if that was how.
 * Names are looked up now, so that one which is given to somebody else later is not let in.
 */
export function parseUser(text: string, reading: Reading): UserCondition {
	return reading.system.platform === 'win32' ? windowsUser(text, reading) : unixUser(text, reading);
}

function unixUser(text: string, {system, refuse}: Reading): UserCondition {
	const accounts = accountsIn(system.read('/etc/passwd'));
	const uid =
		text === 'me'
			? system.uid
			: /^(0|[1-9]\d{0,9})$/.test(text)
				? Number(text)
				: (accounts.get(text) ?? lookUp(text, system));
	// The last number is no user: in chown(2) it stands for leaving things as they are.
	if (uid === undefined || uid >= 0xffff_ffff) {
		const meant = nearest(text, ['me', ...accounts.keys()]);
		return refuse(
			`there is no user ${JSON.stringify(printable(text))}`,
			meant === undefined ? 'user=me is the one who runs Sealport' : `did you mean user=${meant}?`,
		);
	}
	const name = [...accounts].find(([, number]) => number === uid)?.[0] ?? String(uid);
	return {
		text,
		name: text === 'me' || /^\d/.test(text) ? name : text,
		uid,
		holds: peer => (peer.uid === undefined ? undefined : peer.uid === uid),
	};
}

/** Names and numbers in the format of passwd(5). */
function accountsIn(text: string): ReadonlyMap<string, number> {
	const rows = Array.from(text.matchAll(/^([^:#\s+-][^:\n]*):[^:\n]*:(\d+):/gm));
	return new Map(rows.map(([, name = '', uid]) => [name, Number(uid)]));
}

/** Users that come from elsewhere, such as LDAP or macOS' directory. */
function lookUp(name: string, system: System): number | undefined {
	if (!/^[^\s:-][^:\u0000-\u001f]*$/.test(name)) {
		return undefined;
	}
	if (system.platform === 'darwin') {
		const answer = system.run('/usr/bin/id', ['-u', name]).trim();
		return /^\d+$/.test(answer) ? Number(answer) : undefined;
	}
	return accountsIn(system.run('/usr/bin/getent', ['passwd', name])).get(name);
}

function windowsUser(text: string, {system, refuse}: Reading): UserCondition {
	// PowerShell takes typographical quotation marks for quotation marks.
	const isName = /^[^"/[\]:;|=,+*?<>'\u2018-\u201f\u0000-\u001f]+$/.test(text);
	const name = !isName
		? ''
		: text === 'me'
			? system.run(systemProgram('whoami.exe'), []).trim()
			: system.run(...translation(text)).trim();
	if (!name.includes('\\')) {
		return refuse(
			`there is no user ${JSON.stringify(printable(text))}`,
			'a user is me, a name, or DOMAIN\\name',
		);
	}
	const own = name.toLowerCase();
	return {
		text,
		name,
		uid: undefined,
		holds: ({user}) => (user === '' ? undefined : user.toLowerCase() === own),
	};
}

/** Asks for the whole name of an account, which only one that exists has. */
function translation(name: string): [file: string, args: readonly string[]] {
	const script =
		'[Console]::OutputEncoding = [Text.Encoding]::UTF8; ' +
		`([Security.Principal.NTAccount]'${name}')` +
		'.Translate([Security.Principal.SecurityIdentifier])' +
		'.Translate([Security.Principal.NTAccount]).Value';
	return [
		systemProgram('WindowsPowerShell', 'v1.0', 'powershell.exe'),
		['-NoProfile', '-NonInteractive', '-NoLogo', '-Command', script],
	];
}
