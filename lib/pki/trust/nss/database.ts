import {join} from 'node:path';
import type {Machine} from '../machine.js';

/** A directory in which NSS keeps certificates and keys, or will. */
export interface Database {
	/** What a person knows it by. */
	readonly label: string;
	/** Absolute path. */
	readonly directory: string;
	/** The program that has to be started anew to see a change. */
	readonly program: string;
	/** The directories that are made for it when they are missing, the innermost first. */
	readonly made: readonly string[];
}

/** The files of a database of today's format; the older `cert8.db` no browser of the last years reads. */
export function filesOf({directory}: Database): readonly string[] {
	return ['cert9.db', 'key4.db', 'pkcs11.txt'].map(name => join(directory, name));
}

/** Whether there are certificates in the directory, or could be. */
export function isMade(machine: Machine, {directory}: Database): boolean {
	return machine.entry(join(directory, 'cert9.db')) !== undefined;
}
