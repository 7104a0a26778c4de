import {
	chmodSync,
	chownSync,
	closeSync,
	constants,
	fstatSync,
	fsyncSync,
	lstatSync,
	mkdirSync,
	openSync,
	readFileSync,
	renameSync,
	rmdirSync,
	rmSync,
	utimesSync,
} from 'node:fs';
import {dirname} from 'node:path';
import {systemCode} from '../../errors.js';
import {sweepTemporaries, withTemporary} from '../store/temporary-file.js';
import type {Deed} from './step.js';

/** A step that changes files by itself. */
export type FileDeed = Exclude<Deed, {kind: 'run'}>;

/**
 * Carries out one step on files. What killed processes left where it writes is removed.
 *
 * @throws Error with a system code
 */
export function touch(step: FileDeed): void {
	switch (step.kind) {
		case 'directory':
			makeDirectory(step.path, step.mode);
			break;
		case 'write':
			refuseLink(step.path);
			sweepTemporaries(dirname(step.path));
			withTemporary(dirname(step.path), step.content, temporary => {
				chmodSync(temporary, step.mode);
				renameSync(temporary, step.path);
			});
			break;
		case 'copy':
			refuseLink(step.to);
			copy(step.from, step.to);
			break;
		case 'move':
			refuseLink(step.to);
			move(step.from, step.to);
			break;
		case 'remove':
			rmSync(step.path, {force: true});
			break;
		case 'remove-directory':
			removeDirectory(step.path);
	}
}

function makeDirectory(path: string, mode: number): void {
	if (mkdirSync(path, {recursive: true, mode}) !== undefined) {
		// The umask took what it takes.
		chmodSync(path, mode);
	} else if (!lstatSync(path).isDirectory()) {
		throw link();
	}
}

function removeDirectory(path: string): void {
	try {
		rmdirSync(path);
	} catch (error) {
		if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(systemCode(error) ?? '')) {
			throw error;
		}
	}
}

function copy(from: string, to: string): void {
	const source = openUnfollowed(from);
	if (source === undefined) {
		return;
	}
	try {
		const {uid, gid, mode, atime, mtime} = fstatSync(source);
		sweepTemporaries(dirname(to));
		withTemporary(dirname(to), readFileSync(source), temporary => {
			give(temporary, uid, gid);
			chmodSync(temporary, mode & 0o7777);
			utimesSync(temporary, atime, mtime);
			renameSync(temporary, to);
		});
	} finally {
		closeSync(source);
	}
}

function move(from: string, to: string): void {
	const file = openSync(from, 'r+');
	try {
		// Or a power cut could leave the new name without the content.
		fsyncSync(file);
	} finally {
		closeSync(file);
	}
	renameSync(from, to);
}

/** As `cp -p` does: the group may be given away by those who are in it, the owner by root alone. */
function give(path: string, uid: number, gid: number): void {
	for (const [owner, group] of [
		[-1, gid],
		[uid, -1],
	] as const) {
		try {
			chownSync(path, owner, group);
		} catch (error) {
			if (!['EPERM', 'EINVAL'].includes(systemCode(error) ?? '')) {
				throw error;
			}
		}
	}
}

function openUnfollowed(path: string): number | undefined {
	const {O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0} = constants;
	try {
		return openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
	} catch (error) {
		if (systemCode(error) === 'ENOENT') {
			return undefined;
		}
		throw error;
	}
}

function refuseLink(path: string): void {
	if (lstatSync(path, {throwIfNoEntry: false})?.isSymbolicLink()) {
		throw link();
	}
}

function link(): Error {
	return Object.assign(new Error('a link'), {code: 'ELOOP'});
}
