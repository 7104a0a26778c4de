import {execFileSync} from 'node:child_process';
import {closeSync, openSync, readFileSync, readSync, realpathSync, statSync} from 'node:fs';
import {sudoer} from '../../pki/store/owner.js';

/** A file or folder that is there. */
export interface Found {
	/** Without links, spelt as the disk has it. */
	readonly path: string;
	readonly isFile: boolean;
	/** Permissions as in stat(2). */
	readonly mode: number;
}

/** What rules ask of the system while they are read. */
export interface System {
	readonly platform: NodeJS.Platform;
	/** Directories in which programs are looked for, to name one in a hint. */
	readonly path: string;
	/** The user who runs Sealport; with sudo, who called it. `undefined` where users have no numbers. */
	readonly uid: number | undefined;
	/** What a path leads to. Throws a system error. */
	find(path: string): Found;
	/** The beginning of a file, at most 256 bytes as Latin-1, or '' when it cannot be read. */
	beginning(path: string): string;
	/** A text file, or '' when it cannot be read. */
	read(path: string): string;
	/** What a program writes, or '' when it fails or takes longer than ten seconds. */
	run(file: string, args: readonly string[]): string;
}

/** This system. */
export function thisSystem(): System {
	return {
		platform: process.platform,
		path: process.env.PATH ?? '',
		uid: sudoer()?.uid ?? process.geteuid?.(),
		find(path) {
			const real = realpathSync.native(path);
			const found = statSync(real);
			return {path: real, isFile: found.isFile(), mode: found.mode};
		},
		beginning,
		read: path => orNothing(() => readFileSync(path, 'utf8')),
		run: (file, args) =>
			orNothing(() =>
				execFileSync(file, args, {
					encoding: 'utf8',
					timeout: 10_000,
					stdio: ['ignore', 'pipe', 'ignore'],
					windowsHide: true,
				}),
			),
	};
}

function beginning(path: string): string {
	return orNothing(() => {
		const file = openSync(path, 'r');
		try {
			const bytes = Buffer.alloc(256);
			return bytes.toString('latin1', 0, readSync(file, bytes));
		} finally {
			closeSync(file);
		}
	});
}

function orNothing(read: () => string): string {
	try {
		return read();
	} catch {
		return '';
	}
}
