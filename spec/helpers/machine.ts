import {copyFileSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {ListeningEvent, Run} from './cli.js';
import {addGuest, type Guest} from './guest.js';
import {home} from './home.js';
import {type OwnNetwork, ownNetwork} from './own-network.js';
import type {Owner} from './owner.js';

/** Says who asked, and for what. */
const backend = `
require('node:http').createServer((request, response) => {
	response.end(request.headers['x-forwarded-for'] + ' ' + request.headers.host + request.url);
}).listen(3000, '127.0.0.1', () => console.log('ready'));
`;

/** A machine with a dev server on port 3000, and a container on a bridge of it. */
export interface Machine {
	readonly network: OwnNetwork;
	readonly guest: Guest;
	/** Starts Sealport there. */
	sealport(...args: readonly string[]): Promise<Running>;
}

/** Sealport on such a machine. */
export interface Running {
	readonly run: Run;
	readonly said: ListeningEvent & {readonly reach?: string};
	/** The CA as it was handed over: a copy, in a directory of the container's. */
	readonly ca: string;
}

/** Makes a machine and its container; they end with the test. */
export async function startMachine(t: Owner): Promise<Machine> {
	const network = await ownNetwork(t);
	const guest = await addGuest(t, network);
	await network.start(home, process.execPath, ['-e', backend]).says('ready');
	return {
		network,
		guest,
		async sealport(...args) {
			const run = network.sealport(home, ['3000', '--json', ...args]);
			const said = await run.listening();
			return {run, said, ca: said.ca === null ? '' : handOver(t, said.ca)};
		},
	};
}

function handOver(t: Owner, file: string): string {
	const directory = mkdtempSync(join(tmpdir(), 'sealport-guest-'));
	t.teardown(() => rmSync(directory, {recursive: true}));
	const copy = join(directory, 'ca.pem');
	copyFileSync(file, copy);
	return copy;
}
