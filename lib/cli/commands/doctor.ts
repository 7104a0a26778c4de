import {setMaxListeners} from 'node:events';
import {resolve} from 'node:path';
import {parseBackend, parsePort} from '../../backend/address.js';
import {defaultPort} from '../../config/options.js';
import {examine} from '../../doctor/doctor.js';
import type {Finding} from '../../doctor/finding.js';
import {chooseCertificate} from '../../pki/choice.js';
import {defaultDirectory} from '../../pki/store/directory.js';
import {trustCommand} from '../../pki/store/trust-command.js';
import {thisMachine} from '../../pki/trust/machine.js';
import {shellWord} from '../../shell-word.js';
import {findingEvent, findingLines} from '../doctor-report.js';
import type {Flags} from '../flags.js';
import {note, result} from '../output.js';
import {evaluation, likelyShell} from '../shells.js';

const endings = {SIGINT: 2, SIGTERM: 15, SIGHUP: 1} as const;

/**
 * `sealport doctor [backend]`: tries every client on this machine, and says what is wrong and how to mend
 * it.
 *
 * @returns the exit code: 0 when nothing has failed
 * @throws UserError `option-invalid`
 */
export async function doctor(backend: string | undefined, flags: Flags): Promise<number> {
	const {port, cert, key, pfx, passphrase, certs, json, quiet} = flags;
	const directory = resolve(certs ?? defaultDirectory());
	const wanted = parsePort(port ?? defaultPort, 'port', 0);
	const where = directory === defaultDirectory() ? '' : ` --certs ${shellWord(directory)}`;
	const ending = new AbortController();
	// One for each client that runs.
	setMaxListeners(0, ending.signal);
	let code: number | undefined;
	const end = (signal: keyof typeof endings) => {
		code = 128 + endings[signal];
		ending.abort();
	};
	const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
	const what = {
		machine: thisMachine(directory),
		env: process.env,
		directory,
		certificate: chooseCertificate({cert, key, pfx, passphrase, directory}),
		port: wanted === 0 ? undefined : wanted,
		backend: backend === undefined ? undefined : parseBackend(backend),
		now: Date.now(),
		signal: ending.signal,
		commands: {
			trust: trustCommand(directory),
			env: evaluation(likelyShell(), `sealport env${where}`),
		},
	};
	for (const signal of signals) {
		process.once(signal, end);
	}
	let failed = 0;
	let notes = 0;
	try {
		for await (const finding of examine(what)) {
			if (code !== undefined) {
				break;
			}
			failed += finding.verdict === 'failed' ? 1 : 0;
			notes += finding.verdict === 'note' ? 1 : 0;
			show(finding, flags);
		}
	} finally {
		for (const signal of signals) {
			process.off(signal, end);
		}
	}
	if (code !== undefined) {
		return code;
	}
	if (json) {
		result(JSON.stringify({event: 'doctor', ok: failed === 0, failed}));
	} else if (!quiet) {
		note(summary(failed, notes));
	}
	return failed === 0 ? 0 : 1;
}

function summary(failed: number, notes: number): string {
	if (failed > 0) {
		const many = failed === 1 ? 'one check has' : `${failed} checks have`;
		return `${many} failed: follow the hints, and run this again`;
	}
	const remarks = `nothing has failed; ${notes === 1 ? 'one note' : `${notes} notes`}`;
	return notes === 0 ? 'all is well' : remarks;
}

/** With `--quiet` only what has failed. */
function show(finding: Finding, {json, quiet}: Flags): void {
	const lines = json
		? [findingEvent(finding)]
		: quiet && finding.verdict !== 'failed'
			? []
			: findingLines(finding);
	for (const line of lines) {
		result(line);
	}
}
