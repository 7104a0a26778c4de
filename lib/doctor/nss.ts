import {sudoer} from '../pki/store/owner.js';
import {chromiumDatabases} from '../pki/trust/nss/chromium.js';
import {type Database, isMade} from '../pki/trust/nss/database.js';
import {firefoxDatabases} from '../pki/trust/nss/firefox.js';
import {obstacleOf} from '../pki/trust/nss/fitness.js';
import {findNss} from '../pki/trust/nss.js';
import {plainRequest} from './client.js';
import type {Case, Finding} from './finding.js';
import {lineOf} from './line-of.js';
import type {Probe} from './probe.js';
import {runClient} from './run-client.js';

const name = 'nss';

/**
 * Chromium, Firefox and their kin on Linux: each database, tried with the client that NSS has for that.
 * It stands for the browser, which would take a window to try.
 */
export async function tryDatabases(probe: Probe, what: Case): Promise<readonly Finding[]> {
	const {machine} = what;
	if (machine.platform === 'darwin' || machine.platform === 'win32') {
		return [];
	}
	const tstclnt = machine.find('tstclnt');
	if (tstclnt === undefined) {
		const places = await findNss(machine);
		return places.map(({label, obstacle}): Finding => {
			const {reason, hint} = obstacle ?? {
				reason: 'tstclnt, which tries it, was not found: look whether `certutil -L` lists the CA',
				hint: "install all of NSS's tools",
			};
			const verdict = obstacle === undefined ? 'note' : 'failed';
			return {name, verdict, detail: `${label}: ${reason}`, hint};
		});
	}
	const databases = [...chromiumDatabases(machine), ...firefoxDatabases(machine)];
	return Promise.all(databases.map(database => tryDatabase(database, tstclnt, probe, what)));
}

async function tryDatabase(
	database: Database,
	tstclnt: string,
	probe: Probe,
	what: Case,
): Promise<Finding> {
	const {machine, commands, signal, certificate} = what;
	const {label, directory} = database;
	const fails = (why: string, hint: string): Finding => ({
		...{name, verdict: 'failed', detail: `${label}: ${why}`, hint},
	});
	const trust =
		certificate.kind === 'authority'
			? commands.trust
			: 'import the authority that signed your certificate there';
	const obstacle = obstacleOf(machine, database);
	if (obstacle !== undefined) {
		return fails(obstacle.reason, obstacle.hint);
	}
	if (!isMade(machine, database)) {
		return fails('it is not there yet, so the browser trusts public roots only', trust);
	}
	const end = await runClient({
		program: tstclnt,
		args: ['-d', `sql:${directory}`, '-h', probe.host, '-p', String(probe.port)],
		env: {PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8'},
		input: plainRequest(probe),
		proof: probe.proof,
		patience: 10_000,
		signal,
		owner: sudoer(),
	});
	switch (end.kind) {
		case 'accepted':
			return {name, verdict: 'ok', detail: `${label}: accepts the certificate`};
		case 'refused':
			return fails(`refuses: ${lineOf(end.said)}`, trust);
		default:
			return fails('no answer came within 10 seconds', 'close the browser and try again');
	}
}
