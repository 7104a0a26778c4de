import {
	chmodSync,
	closeSync,
	constants,
	fstatSync,
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
import {reasonOf, systemCode, UserError} from '../../errors.js';
import {printable} from '../../printable.js';
import {asOwner, sudoer} from '../store/owner.js';
import {withTemporary} from '../store/temporary-file.js';
import type {Actor} from './machine.js';
import {runProgram} from './run-program.js';
import {commandLine, type Step} from './step.js';

type RunStep = Extract<Step, {kind: 'run'}>;
type FileStep = Exclude<Step, RunStep>;

/**
 * Carries out the steps of a plan, one after the other.
 *
 * @param as as whom; `person` differs from `root` under sudo only
 * @throws UserError `trust-store-unusable` at the first step that fails, naming it
 */
export async function carryOut(steps: readonly Step[], as: Actor): Promise<void> {
	for (const step of steps) {
		if (step.kind === 'run') {
			await run(step, as);
		} else {
			const act = async () => touch(step);
			await (as === 'person' ? asOwner(act) : act());
		}
	}
}

async function run(step: RunStep, as: Actor): Promise<void> {
	const owner = as === 'person' ? sudoer() : undefined;
	const {code, stdout, stderr} = await runProgram(step.program, step.args, owner);
	if (code !== 0) {
		const said = (stderr.trim() || stdout.trim()).split('\n').at(-1) ?? '';
		const how = code === null ? 'it did not come to an end' : `it ended with code ${code}`;
		throw failure(step, said === '' ? how : `${how}: ${printable(said)}`);
	}
}

function touch(step: FileStep): void {
	try {
		switch (step.kind) {
			case 'directory':
				makeDirectory(step.path, step.mode);
				break;
			case 'write':
				refuseLink(step, step.path);
				withTemporary(dirname(step.path), step.content, temporary => {
					chmodSync(temporary, step.mode);
					renameSync(temporary, step.path);
				});
				break;
			case 'copy':
				refuseLink(step, step.to);
				copy(step.from, step.to);
				break;
			case 'remove':
				rmSync(step.path, {force: true});
				break;
			case 'remove-directory':
				removeDirectory(step.path);
		}
	} catch (error) {
		throw error instanceof UserError ? error : failure(step, reasonOf(error), error);
	}
}

function makeDirectory(path: string, mode: number): void {
	if (mkdirSync(path, {recursive: true, mode}) !== undefined) {
		// The umask took what it takes.
		chmodSync(path, mode);
	} else if (!lstatSync(path).isDirectory()) {
		throw Object.assign(new Error('a link'), {code: 'ELOOP'});
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
		const {mode, atime, mtime} = fstatSync(source);
		withTemporary(dirname(to), readFileSync(source), temporary => {
			chmodSync(temporary, mode & 0o7777);
			utimesSync(temporary, atime, mtime);
			renameSync(temporary, to);
		});
	} finally {
		closeSync(source);
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

function refuseLink(step: FileStep, path: string): void {
	if (lstatSync(path, {throwIfNoEntry: false})?.isSymbolicLink()) {
		throw failure(step, 'there is a symbolic link in its place');
	}
}

function failure(step: Step, why: string, cause?: unknown): UserError {
	return new UserError('trust-store-unusable', `${printable(commandLine(step), 500)}: ${why}`, {
		hint: 'mend what it says and run the same command again',
		cause,
	});
}
