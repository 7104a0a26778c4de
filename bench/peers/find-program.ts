import {execFileSync, spawnSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import {delimiter, join} from 'node:path';
import type {Command, Found, Place} from './peer.js';

/** Servers are often installed where the PATH of a user does not reach. */
const directories = [
	...(process.env.PATH ?? '').split(delimiter),
	'/usr/sbin',
	'/usr/local/sbin',
	'/opt/homebrew/bin',
];

/** The path of an installed program, or nothing. */
export function findProgram(name: string): string | undefined {
	return directories.map(directory => join(directory, name)).find(path => existsSync(path));
}

/** What a program says of its version, on whichever stream: what the pattern's group holds. */
export function versionOf(program: string, flag: string, pattern: RegExp): string {
	const {stdout, stderr} = spawnSync(program, [flag], {encoding: 'utf8'});
	return pattern.exec(`${stdout}\n${stderr}`)?.[1] ?? 'of unknown version';
}

/** Whether this process may do as root does: some servers then want to be told to stay root. */
export const isRoot = process.getuid?.() === 0;

/**
 * A peer that is a program of its own.
 *
 * @param flag prints the version
 * @param pattern its group is the version
 * @param command makes the command, given the program's path
 */
export function installed(
	name: string,
	flag: string,
	pattern: RegExp,
	settings: string,
	command: (program: string, place: Place) => Command,
): Found | {readonly missing: string} {
	const program = findProgram(name);
	if (program === undefined) {
		return {missing: 'not installed'};
	}
	return {
		version: `${name} ${versionOf(program, flag, pattern)}`,
		settings,
		command: place => command(program, place),
	};
}

/** Version of a Node program, for peers that run on one of their own. */
export function nodeVersion(node: string): string {
	return execFileSync(node, ['--version'], {encoding: 'utf8'}).trim().slice(1);
}
