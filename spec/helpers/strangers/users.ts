import {existsSync, readFileSync} from 'node:fs';
import test, {type Implementation} from 'ava';
import {lackingPython, python} from '../http2-clients/programs.js';
import {unless} from '../programs.js';

/** A user of this machine, whose programs only root may start. */
export interface User {
	readonly name: string;
	readonly uid: number;
}

function account(name: string): User {
	const passwd = existsSync('/etc/passwd') ? readFileSync('/etc/passwd', 'utf8') : '';
	return {name, uid: Number(new RegExp(`^${name}:[^:]*:(\\d+):`, 'm').exec(passwd)?.[1])};
}

/** Two users that every Linux has. */
export const [nobody, daemon] = [account('nobody'), account('daemon')] as const;

/** Debian's own: one of a version manager may lie where other users cannot go. */
export const curl = '/usr/bin/curl';

const reason = (): string | false => {
	if (process.platform !== 'linux') {
		return 'needs /proc';
	}
	if (process.geteuid?.() !== 0) {
		return 'needs root, to be several users';
	}
	return Number.isNaN(nobody.uid + daemon.uid) && 'needs the users nobody and daemon';
};
const lacking = [curl, python].find(program => !existsSync(program));
const missing = lacking === undefined ? lackingPython('h2') : `${lacking} not installed`;

/** Declares a test with several users and programs, one after the other: each starts many. */
export const withUsers =
	reason() !== false
		? unless(reason(), false)
		: missing !== false
			? unless(missing)
			: (title: string, implementation: Implementation<[]>) => test.serial(title, implementation);
