import {mkdirSync} from 'node:fs';
import {dirname, join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {type Machine, thisMachine} from '../../lib/pki/trust/machine.js';
import {type Outcome, run} from './run.js';
import {temporaryDirectory} from './temporary-directory.js';

/** This machine with a home of the test's own, in which everything belongs to a person who is not root. */
export function personsMachine(t: ExecutionContext): Machine {
	const home = temporaryDirectory(t);
	const machine = thisMachine(join(home, '.local', 'share', 'sealport'));
	return {
		...machine,
		home,
		env: {},
		uid: 1000,
		entry(path) {
			const found = machine.entry(path);
			return found && path.startsWith(home) ? {...found, uid: 1000} : found;
		},
	};
}

/** Runs `keytool` on a keystore with Java's own password. */
export function keytool(keystore: string, ...args: readonly string[]): Promise<Outcome> {
	// It runs for so short a time that optimising its code costs more than it brings.
	const quick = ['-J-XX:TieredStopAtLevel=1', '-J-XX:+UseSerialGC'];
	return run('keytool', [...args, '-keystore', keystore, '-storepass', 'changeit', ...quick]);
}

/**
 * Makes the keystore of a Java.
 *
 * @param home of that Java, made when it is missing
 * @param file of the one certificate in it
 * @returns its path
 */
export async function makeKeystore(
	home: string,
	file: string,
	type: 'JKS' | 'PKCS12' = 'PKCS12',
): Promise<string> {
	const keystore = join(home, 'lib', 'security', 'cacerts');
	mkdirSync(dirname(keystore), {recursive: true});
	const what = ['-storetype', type, '-alias', 'first', '-file', file];
	await keytool(keystore, '-importcert', '-noprompt', ...what);
	return keystore;
}

/** The aliases in a keystore, sorted. */
export async function aliasesOf(keystore: string): Promise<readonly string[]> {
	const {stdout} = await keytool(keystore, '-list', '-rfc');
	return Array.from(stdout.matchAll(/^Alias name: (.*)$/gm), ([, alias = '']) => alias).sort();
}
