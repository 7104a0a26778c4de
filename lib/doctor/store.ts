import {statSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {authorityName, renewal} from '../pki/store/authority-file.js';
import {isOwn} from '../pki/store/directory.js';
import {leafName} from '../pki/store/kept-leaf.js';
import {foreignOwner} from '../pki/trust/foreign-owner.js';
import {shellWord} from '../shell-word.js';
import type {Case, Check, Finding} from './finding.js';

const name = 'store';
/** Files that hold a private key. */
const secret = new Set([authorityName, leafName, 'self-signed.pem']);

/** Whether a file of the store holds keys or certificates; what else lies there is no matter. */
const isKeptFile = (file: string) => isOwn(file) && /\.(pem|p12)$/.test(file);

/**
 * The directory of Sealport's files: whether it and what lies in it are files of this person that nobody
 * else can change, and the keys such that nobody else can read them.
 */
export const checkStore: Check = async what => {
	const {machine, directory, certificate} = what;
	const isUsed = certificate.kind === 'authority';
	if (machine.entry(join(directory, authorityName)) === undefined) {
		return machine.entry(directory) === undefined || isUsed ? [missing(what, isUsed)] : [];
	}
	const found = [
		...inspect(what, directory, 'directory'),
		...machine
			.list(directory)
			.filter(isKeptFile)
			.flatMap(file => inspect(what, join(directory, file), 'file', secret.has(file))),
	];
	return found.length > 0 ? found : [{name, verdict: 'ok', detail: directory}];
};

function missing({directory, commands}: Case, isUsed: boolean): Finding {
	return {
		name,
		verdict: isUsed ? 'failed' : 'note',
		detail: `there is no authority in ${directory} yet, so there is nothing that clients could trust`,
		hint: `${commands.trust}, which makes one and lets clients trust it`,
	};
}

function inspect(
	{machine}: Case,
	path: string,
	kind: 'file' | 'directory',
	isSecret = false,
): readonly Finding[] {
	const found = machine.entry(path);
	if (found === undefined) {
		return [];
	}
	const failed = (detail: string, hint: string): readonly Finding[] => [
		{name, verdict: 'failed', detail, hint},
	];
	if (found.kind === 'link') {
		const hint = `put the ${kind} itself there, or give its own path with --certs`;
		return failed(`${path} is a symbolic link`, hint);
	}
	if (found.kind !== kind) {
		return failed(`${path} is not a ${kind}`, 'move it out of the way');
	}
	if (machine.platform === 'win32') {
		return [];
	}
	const foreign = foreignOwner(machine, path, found);
	if (foreign !== undefined) {
		return failed(foreign.reason, foreign.hint);
	}
	const mode = `mode 0${found.mode.toString(8)}`;
	const mend = `chmod ${kind === 'directory' ? '700' : '600'} ${shellWord(path)}`;
	if ((found.mode & 0o022) !== 0) {
		return failed(`others can write to ${path} (${mode})`, mend);
	}
	return isSecret && (found.mode & 0o077) !== 0
		? failed(
				`others can read the key in ${path} (${mode})`,
				`${mend}; and if you do not trust everybody who uses this machine, ${renewal(dirname(path))}`,
			)
		: [];
}

/**
 * The clock: nothing in the store can have been written later than now. Of a leaf it does not matter: a
 * start makes another.
 */
export const checkClock: Check = async ({machine, directory, now}) => {
	const written = machine
		.list(directory)
		.filter(file => isKeptFile(file) && file !== leafName)
		.map(file => ({file, at: writtenAt(join(directory, file))}))
		.sort((one, other) => other.at - one.at)[0];
	const today = new Date(now).toISOString();
	if (written === undefined || written.at < now + tolerance) {
		return [{name: 'clock', verdict: 'ok', detail: today}];
	}
	const then = new Date(written.at).toISOString();
	const detail = `it says ${today}, but ${written.file} in ${directory} is of ${then}: certificates made by then are not valid yet`;
	return [{name: 'clock', verdict: 'failed', detail, hint: 'set the clock of this machine'}];
};

/** Milliseconds: as far as a leaf is made to begin in the past. */
const tolerance = 3_600_000;

function writtenAt(path: string): number {
	return statSync(path, {throwIfNoEntry: false})?.mtimeMs ?? 0;
}
