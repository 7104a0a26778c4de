import {posix, win32} from 'node:path';
import type {Machine} from '../machine.js';
import {javaHomes} from './homes.js';

/** The file of trusted roots that one or more Javas read. */
export interface Keystore {
	/** Absolute, without links. */
	readonly path: string;
	/** The directories of the Javas that read it. */
	readonly homes: readonly string[];
}

/**
 * Finds the keystore of each Java. Where there is a `jssecacerts`, Java reads that and not `cacerts`
 * (JSSE Reference Guide); before Java 9 a JDK has them in the runtime inside it.
 */
export async function findKeystores(machine: Machine): Promise<readonly Keystore[]> {
	const {join} = machine.platform === 'win32' ? win32 : posix;
	const found = new Map<string, string[]>();
	for (const home of new Set(await javaHomes(machine))) {
		const path = ['jssecacerts', 'cacerts']
			.flatMap(name => [
				join(home, 'lib', 'security', name),
				join(home, 'jre', 'lib', 'security', name),
			])
			.map(candidate => machine.real(candidate))
			.find(real => real !== undefined);
		if (path !== undefined && machine.entry(path)?.kind === 'file') {
			found.set(path, [...(found.get(path) ?? []), home]);
		}
	}
	return Array.from(found, ([path, homes]) => ({path, homes}));
}
