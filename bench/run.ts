import {mkdtempSync} from 'node:fs';
import {arch, cpus, loadavg, release, tmpdir} from 'node:os';
import {join} from 'node:path';
import {startBackend} from './backend/backend.js';
import {h2loadVersion} from './load/h2load.js';
import {removeAtEnd} from './measure/children.js';
import type {Options} from './options.js';
import {peersWith} from './peers/all.js';
import {makeCertificate} from './peers/certificate.js';
import type {Peer} from './peers/peer.js';
import {get} from './peers/probe.js';
import {type Ground, runPeer} from './peers/running.js';
import {verdicts} from './report/claims.js';
import type {Entrant, Report} from './report/report.js';
import {scenarioTable} from './report/table.js';
import {scenarios} from './scenarios/all.js';
import {type Contestant, noTime, type Result} from './scenarios/scenario.js';

const progress = (text: string): void => {
	if (process.stderr.isTTY) {
		process.stderr.write(`\r\x1b[K${text}`);
	}
};

/** Whether a name is meant: the whole of it, or where no name is that, how one of its words begins. */
const means = (asked: string, name: string, names: readonly string[]): boolean =>
	names.includes(asked) ? name === asked : ` ${name}`.includes(` ${asked}`);

const chosen = <T extends {readonly name: string}>(
	all: readonly T[],
	asked: readonly string[] | undefined,
): readonly T[] => {
	if (asked === undefined) {
		return all;
	}
	const names = all.map(({name}) => name.toLowerCase());
	const unknown = asked.find(each => !names.some(name => means(each, name, names)));
	if (unknown !== undefined) {
		throw new Error(`"${unknown}" is none of ${names.join(', ')}`);
	}
	return all.filter((_, at) => asked.some(each => means(each, names[at] ?? '', names)));
};

/** Starts each peer once to see what it agrees on with a client. */
const enter = async (
	peers: readonly Peer[],
	ground: Ground,
): Promise<{contestants: readonly Contestant[]; entrants: readonly Entrant[]}> => {
	const contestants: Contestant[] = [];
	const entrants: Entrant[] = [];
	for (const peer of peers) {
		progress(`looking for ${peer.name}`);
		const {name} = peer;
		const found = peer.find();
		if ('missing' in found) {
			entrants.push({name, missing: found.missing});
			continue;
		}
		const {version, settings} = found;
		try {
			const running = await runPeer(peer, found, ground);
			const {agreed} = await get(running, peer.carries.includes('h2') ? ['h2'] : ['http/1.1']);
			await running.stop();
			contestants.push({peer, found});
			entrants.push({name, version, settings, agreed});
		} catch (error) {
			entrants.push({name, version, missing: (error as Error).message});
		}
	}
	return {contestants, entrants};
};

/**
 * One run: all that is chosen, side by side.
 *
 * @param print called with each table as soon as it is known
 * @throws Error when nothing can be measured here
 */
export async function run(options: Options, print: (text: string) => void): Promise<Report> {
	if (process.platform !== 'linux') {
		throw new Error('CPU time and memory are read from /proc, which is there on Linux only');
	}
	const load = h2loadVersion();
	if (load === undefined) {
		throw new Error('h2load is not installed; Debian has it in nghttp2-client');
	}
	const wanted = chosen(scenarios, options.only);
	const peers = chosen(peersWith(options.newerNode), options.peers);
	const folder = mkdtempSync(join(tmpdir(), 'sealport-bench-'));
	removeAtEnd(folder);
	const hosts = peers.flatMap(({host}) => host ?? []);
	const certificate = await makeCertificate(folder, ['localhost', '127.0.0.1', ...hosts]);
	const backend = await startBackend();
	const ground = {folder, certificate, backendPort: backend.port};
	const {contestants, entrants} = await enter(peers, ground);
	const {effort} = options;
	const hurries = (): boolean => performance.now() > options.limit * 1000;
	const results: Result[] = [];
	for (const scenario of wanted) {
		const {name, title, unit} = scenario;
		if (hurries()) {
			print(`${name}: ${noTime}\n`);
			continue;
		}
		const rows = await scenario.run({
			contestants: contestants.filter(
				({peer}) => (peer.only?.includes(name) ?? true) && options.takesPart(peer.name, name),
			),
			effort,
			backend,
			ground,
			hurries,
			progress,
		});
		const result = {scenario: name, title, unit, rows};
		progress('');
		print(scenarioTable(result));
		results.push(result);
	}
	const processors = cpus();
	return {
		date: new Date().toISOString(),
		busy: loadavg()
			.map(each => each.toFixed(1))
			.join(', '),
		machine: `${processors.length} × ${processors[0]?.model}, Linux ${release()} ${arch()}`,
		node: process.versions.node,
		openssl: process.versions.openssl,
		load,
		effort: `${effort.rounds} rounds of ${effort.interval} s`,
		entrants,
		results,
		verdicts: verdicts(results, Number.parseInt(process.versions.node, 10)),
	};
}
