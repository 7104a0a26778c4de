import {reasonOf, UserError} from '../../errors.js';
import {printable} from '../../printable.js';
import {asOwner} from '../store/owner.js';
import {type Actor, runProgram} from './run-program.js';
import {commandLine, type Deed, type Step} from './step.js';
import {touch} from './touch.js';

/**
 * Carries out the steps of a plan, one after the other. When one fails, those before it are taken back as
 * far as they say how.
 *
 * @param as as whom; `person` differs from `root` under sudo only
 * @throws UserError `trust-store-unusable` at the first step that fails, naming it
 */
export async function carryOut(steps: readonly Step[], as: Actor): Promise<void> {
	const begun: Step[] = [];
	try {
		for (const step of steps) {
			begun.unshift(step);
			await carryOutOne(step, as);
		}
	} catch (error) {
		for (const deed of begun.flatMap(({rollback = []}) => rollback)) {
			try {
				await carryOutOne(deed, as);
			} catch {
				// What failed first is what a person is told.
			}
		}
		throw error;
	}
}

async function carryOutOne(step: Deed, as: Actor): Promise<void> {
	if (step.kind === 'run') {
		await run(step, as);
		return;
	}
	const act = () => touch(step);
	try {
		as === 'person' ? asOwner(act) : act();
	} catch (error) {
		throw failure(step, reasonOf(error), error);
	}
}

async function run(step: Extract<Deed, {kind: 'run'}>, as: Actor): Promise<void> {
	const {code, stdout, stderr} = await runProgram(step.program, step.args, as);
	if (code !== 0) {
		const said = complaintOf(stdout, stderr);
		const how = code === null ? 'it did not come to an end' : `it ended with code ${code}`;
		throw failure(step, said === '' ? how : `${how}: ${printable(said)}`);
	}
}

/**
 * The line that says best why a program failed: the last one that speaks of an error, since keytool writes
 * such to its standard output and the rest to the other; or else the last one that is no warning.
 */
function complaintOf(stdout: string, stderr: string): string {
	const [out, err] = [worthwhile(stdout), worthwhile(stderr)];
	const error = [...out, ...err].findLast(line => /\b(error|failed)\b/i.test(line));
	return error ?? err.at(-1) ?? out.at(-1) ?? '';
}

function worthwhile(text: string): readonly string[] {
	return text
		.split(/\r?\n/)
		.map(line => line.trim())
		.filter(line => line !== '' && !/^warning\b/i.test(line));
}

function failure(step: Deed, why: string, cause?: unknown): UserError {
	return new UserError('trust-store-unusable', `${printable(commandLine(step), 500)}: ${why}`, {
		hint: 'mend what it says and run the same command again',
		cause,
	});
}
