import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {rootOf} from '../../lib/pki/root.js';
import {openAuthority} from '../../lib/pki/store/open-authority.js';
import {startBackend} from './backend.js';
import {sealportProgram} from './cli.js';
import {noOwnMachine, type OwnMachine, ownMachine} from './own-machine.js';
import {pathOf, unless} from './programs.js';
import {runClient, systemClients} from './system-clients.js';

const programs = [...Object.values(systemClients).map(({program}) => program), 'keytool'];
const missing = programs.filter(program => pathOf(program) === undefined);

/** Declares a test of the system's trust store. */
export const ownMachines = unless(
	noOwnMachine || (missing.length > 0 && `${missing.join(', ')} not installed`),
);

/** Where Debian keeps the certificates of the administrator. */
export const certificates = '/usr/local/share/ca-certificates';

/** A machine with an authority of its own. */
export async function systemTrust(t: ExecutionContext) {
	const machine = await ownMachine(t);
	const certs = join(machine.home, 'certs');
	await openAuthority(certs);
	const file = join(certs, 'ca.pem');
	const {name} = rootOf(readFileSync(file), file);
	const sealport = (command: 'trust' | 'untrust', env?: NodeJS.ProcessEnv) =>
		machine.sealport([command, '--store', 'system', '--certs', certs], env);
	return {machine, certs, name, file, sealport, ours: `${certificates}/${name}.crt`};
}

/** A sealport in front of a backend that remembers what it was asked for. */
export async function visitors(t: ExecutionContext, machine: OwnMachine, certs: string) {
	const seen = new Set<string>();
	const backend = await startBackend(t, (request, response) => {
		seen.add(request.url ?? '');
		response.setHeader('content-type', 'text/plain');
		// What git takes for a repository with one branch.
		response.end('95d09f2b10159347eece71399a7e2e907ea3df4f\trefs/heads/main\n');
	});
	const args = [String(backend.port), '--port', '0', '--json', '--certs', certs];
	const {port} = await machine.start(process.execPath, [sealportProgram, ...args]).listening();
	let visits = 0;
	/** Which clients load a page, and whether the backend saw them. */
	return async () => {
		visits += 1;
		const visit = `/visit-${visits}`;
		const loaded = await Promise.all(
			Object.entries(systemClients).map(async ([client, how], index) => {
				const path = `${visit}/${index}`;
				const {code} = await runClient(machine.run, how, port, path);
				const isSeen = [...seen].some(asked => asked === path || asked.startsWith(`${path}/`));
				if ((code === 0) !== isSeen) {
					return [client, `code ${code}, seen by the backend: ${isSeen}`];
				}
				return [client, isSeen ? 'loaded' : 'refused'];
			}),
		);
		return Object.fromEntries(loaded);
	};
}

/** The same verdict for every client. */
export const all = (verdict: string) =>
	Object.fromEntries(Object.keys(systemClients).map(client => [client, verdict]));
