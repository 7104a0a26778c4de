import type {X509Certificate} from 'node:crypto';
import {UserError} from '../errors.js';
import type {StoreName} from '../pki/trust/place.js';
import {findPlaces} from '../pki/trust/stores.js';
import {checkBackend} from './backend.js';
import {checkCertificate, checkPublished} from './certificate.js';
import {clients, type LookFor, tryClient} from './clients.js';
import type {Case, Check, Finding} from './finding.js';
import {checkLocalhost} from './localhost.js';
import {tryDatabases} from './nss.js';
import {checkPort} from './port.js';
import {openProbe, type Probe} from './probe.js';
import {checkProxies} from './proxies.js';
import {checkClock, checkStore} from './store.js';

/** What takes a moment. */
const checks: ReadonlyArray<readonly [name: string, check: Check]> = [
	['authority', checkPublished],
	['clock', checkClock],
	['port', checkPort],
	['localhost', checkLocalhost],
	['proxy', checkProxies],
];

/**
 * Looks at everything that decides whether clients accept a certificate of Sealport, and lets each client
 * on this machine try a real listener. What takes its time runs side by side; the findings come in one
 * order. It changes nothing, and ends what it has started.
 */
export async function* examine(what: Case): AsyncGenerator<Finding> {
	yield* await settled('store', checkStore(what));
	const certificate = await settled('certificate', checkCertificate(what));
	yield* certificate;
	for (const found of checks.map(([name, check]) => settled(name, check(what)))) {
		yield* await found;
	}
	const backend = settled('backend', checkBackend(what));
	const isUsable = certificate.length > 0 && certificate.every(({verdict}) => verdict !== 'failed');
	const probe = isUsable ? await openProbe(what, files).catch(failure('clients')) : notTried;
	try {
		const tries = 'url' in probe ? tryAll(probe, what) : [Promise.resolve([probe])];
		for (const found of [backend, ...tries]) {
			yield* await found;
		}
	} finally {
		if ('url' in probe) {
			await probe.close();
		}
	}
}

/** What they need, in one directory. */
const files = Object.fromEntries(clients.flatMap(client => Object.entries(client.files ?? {})));

const notTried: Finding = {
	name: 'clients',
	verdict: 'note',
	detail: 'not tried: there is no certificate yet that they could accept',
};

function tryAll(probe: Probe, what: Case): readonly Promise<readonly Finding[]>[] {
	const lookFor = lookOnce(what, probe.root);
	const tries = clients.map(client =>
		settled(client.name, tryClient(client, probe, what, lookFor)),
	);
	return [...tries, settled('nss', tryDatabases(probe, what)), Promise.all(tries).then(absent)];
}

/** What was not found is no failure, but not to be taken for tried. */
function absent(found: ReadonlyArray<readonly Finding[]>): readonly Finding[] {
	const names = clients.filter((_, index) => found[index]?.length === 0).map(({name}) => name);
	return names.length === 0
		? []
		: [
				{
					name: 'clients',
					verdict: 'ok',
					detail: `not installed, so not tried: ${names.join(', ')}`,
				},
			];
}

/** Whether the trust stores of a kind hold the root: asked when a client refuses, and only once. */
function lookOnce({machine}: Case, root: X509Certificate | undefined): LookFor {
	const known = new Map<StoreName, ReturnType<LookFor>>();
	const look: LookFor = async store => {
		// On Windows that is what programs take for the system's.
		const places = await findPlaces(machine, store === 'system' ? [store, 'windows'] : [store]);
		const held = await Promise.all(
			places.map(async place => {
				const found = place.obstacle === undefined ? await place.look().catch(unknown) : [];
				return found.some(({fingerprint256}) => fingerprint256 === root?.fingerprint256);
			}),
		);
		if (held.length > 0 && held.every(Boolean)) {
			return 'held';
		}
		const isRefused = !machine.isRoot && machine.platform !== 'win32';
		return isRefused && places.some(({by}, index) => by === 'root' && !held[index])
			? 'needs-root'
			: 'missing';
	};
	return store => {
		const found = known.get(store) ?? look(store).catch(() => 'missing' as const);
		known.set(store, found);
		return found;
	};
}

/** What cannot be looked at is not known to hold anything. */
const unknown = (): readonly X509Certificate[] => [];

/** What a check throws is what it has found; and nothing goes unhandled while others are waited for. */
async function settled(
	name: string,
	check: Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
	return check.catch(error => [failure(name)(error)]);
}

function failure(name: string): (error: unknown) => Finding {
	return error => {
		const detail = error instanceof Error ? error.message : String(error);
		const hint = error instanceof UserError ? error.hint : 'this is a fault of Sealport';
		return {name, verdict: 'failed', detail, hint};
	};
}
