import {resolve} from 'node:path';
import {UserError} from '../../errors.js';
import {changeHosts, hostsFile, readHosts} from '../../hosts/file.js';
import {addNames, nameIn, ownLines, removeNames} from '../../hosts/lines.js';
import {assertWithinConstraints} from '../../pki/constraints.js';
import {parseName} from '../../pki/names.js';
import {defaultDirectory} from '../../pki/store/directory.js';
import {peekAuthority} from '../../pki/store/stored-roots.js';
import {printable} from '../../printable.js';
import {shellWord} from '../../shell-word.js';
import {note, result} from '../output.js';
import {asRoot} from '../sudo.js';

/** What the flags and arguments of `hosts` come to. */
export interface HostsFlags {
	/** `add` or `remove`, and names. */
	readonly args?: readonly string[] | undefined;
	readonly file?: string | undefined;
	readonly dryRun?: boolean | undefined;
	readonly certs?: string | undefined;
	readonly json?: boolean | undefined;
	readonly quiet?: boolean | undefined;
}

/**
 * `sealport hosts`: shows the lines that Sealport has put into the hosts file; `add` and `remove` change
 * them, and no other line.
 *
 * @returns the exit code
 * @throws UserError `usage`, `option-invalid`, `name-outside-constraints`, `hosts-unusable` or
 * `file-unwritable`
 */
export async function hosts(flags: HostsFlags): Promise<number> {
	const [action, ...names] = flags.args ?? [];
	const file = flags.file === undefined ? hostsFile() : resolve(flags.file);
	switch (action) {
		case undefined: {
			const lines = ownLines(readHosts(file));
			const names = [...new Set(lines.map(nameIn))];
			say(flags, lines, {file, names}, `Sealport has no lines in ${file}`);
			return 0;
		}
		case 'add': {
			const wanted = await namesToAdd(names, flags);
			const {added} = change(flags, file, text => addNames(text, wanted));
			say(flags, added, {file, added}, `nothing to add: ${file} has ${wanted.join(', ')}`);
			return 0;
		}
		case 'remove': {
			const wanted = names.length === 0 ? undefined : names.map(name => parseName(name).text);
			const {removed} = change(flags, file, text => removeNames(text, wanted));
			say(
				flags,
				removed,
				{file, removed},
				`nothing to remove: Sealport has no such lines in ${file}`,
			);
			return 0;
		}
		default:
			throw new UserError('usage', `expected add or remove, got ${JSON.stringify(action)}`, {
				hint: `such as sealport hosts add ${shellWord(action)}; see sealport hosts --help`,
			});
	}
}

async function namesToAdd(
	names: readonly string[],
	{certs}: HostsFlags,
): Promise<readonly string[]> {
	if (names.length === 0) {
		throw new UserError('usage', 'no names to add', {hint: 'such as sealport hosts add app.test'});
	}
	const {constraints} = (await peekAuthority(certs ?? defaultDirectory())) ?? {};
	return names.map(name => {
		const {kind, text} = assertWithinConstraints(name, constraints, {
			instead: 'edit the hosts file yourself',
		});
		if (kind === 'ip' || text === 'localhost') {
			throw new UserError('option-invalid', `names: ${JSON.stringify(text)} needs no line`, {
				hint: 'give host names, such as app.test',
			});
		}
		return text;
	});
}

function change<Result extends {readonly text: string}>(
	flags: HostsFlags,
	file: string,
	how: (text: string) => Result,
): Result {
	if (flags.dryRun) {
		return how(readHosts(file));
	}
	try {
		return changeHosts(file, how);
	} catch (error) {
		if (error instanceof UserError && error.code === 'file-unwritable') {
			throw new UserError(error.code, error.message, {hint: wayOut(flags, file), cause: error});
		}
		throw error;
	}
}

function wayOut({args: words = [], certs, file: given}: HostsFlags, file: string): string {
	const args = [
		...['hosts', ...words],
		...(given === undefined ? [] : ['--file', file]),
		...(certs === undefined ? [] : ['--certs', resolve(certs)]),
	];
	return process.platform === 'win32'
		? `run this in a terminal of the administrator: ${['sealport', ...args].join(' ')}`
		: process.getuid?.() === 0
			? 'even root may not write it: add the lines that --dry-run prints where that file is made'
			: asRoot(args);
}

function say(
	{json, quiet, dryRun = false, args: [action] = []}: HostsFlags,
	lines: readonly string[],
	event: {readonly file: string} & Readonly<Record<string, unknown>>,
	otherwise: string,
): void {
	if (json) {
		result(JSON.stringify({event: 'hosts', ...event, ...(action === undefined ? {} : {dryRun})}));
		return;
	}
	for (const line of lines) {
		result(printable(line, 400));
	}
	if (quiet) {
		return;
	}
	if (lines.length === 0) {
		note(otherwise);
	} else if (action !== undefined) {
		const done = dryRun ? 'nothing was changed: these lines would be' : 'these lines were';
		note(`${done} ${action === 'add' ? 'added to' : 'taken out of'} ${event.file}`);
	}
}
