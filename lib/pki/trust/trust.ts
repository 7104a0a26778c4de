import type {X509Certificate} from 'node:crypto';
import {resolve} from 'node:path';
import {fingerprintOf, type Root} from '../root.js';
import {storedRoots} from '../store/stored-roots.js';
import {inTurn} from '../store/turn.js';
import {authorityForTrust, type RootForTrust} from './authority-for-trust.js';

import {refreshDerived} from './environment/derived.js';
import {thisMachine} from './machine.js';
import type {Place, StoreName} from './place.js';

import {type Settled, settle, type Wish} from './settle.js';
import {findPlaces, storeNames} from './stores.js';

/** What `trust` and `untrust` have in common. */
export interface StoreOptions {
	/** The directory of Sealport's own files. */
	readonly directory: string;
	/** Which kinds of trust stores; all when left out. */
	readonly stores?: readonly StoreName[] | undefined;
	/** Changes nothing, and says what would be done. */
	readonly dryRun?: boolean | undefined;
	/** Told, before it comes to that, what a person will be asked in another window. */
	readonly tell?: ((text: string) => void) | undefined;
}

/** What `trust` is asked for. */
export interface TrustOptions extends StoreOptions {
	/** Domains that the authority is to vouch for besides the local names. */
	readonly domains?: readonly string[] | undefined;
	/** Makes a new authority whatever the one there is like. */
	readonly renew?: boolean | undefined;
	/** Milliseconds since 1970; now when left out. */
	readonly now?: number | undefined;
}

/**
 * Makes the trust stores of this machine trust the local authority, and takes roots that it has replaced
 * out of them. An authority is made where there is none.
 *
 * @throws UserError `store-unusable`, or `option-invalid` for a domain; what goes wrong in one trust
 *   store is told of that store and stops no other
 */
export async function trust(
	options: TrustOptions,
): Promise<RootForTrust & {readonly places: readonly Settled[]}> {
	const {directory, domains = [], renew = false, dryRun = false, now = Date.now()} = options;
	const wanted = await authorityForTrust({directory, domains, renew, dryRun, now});
	const known = storedRoots(directory);
	const replaced = known.filter(({fingerprint}) => fingerprint !== wanted.root.fingerprint);
	const old = new Set(replaced.map(({fingerprint}) => fingerprint));
	const places = await settleAll(options, {
		root: wanted.root,
		known: [wanted.root, ...known],
		leaves: ({fingerprint}) => old.has(fingerprint),
	});
	if (!dryRun) {
		const isOld = (certificate: X509Certificate) => old.has(fingerprintOf(certificate));
		await refreshDerived(resolve(directory), isOld, wanted.root.certificate);
	}
	return {...wanted, places};
}

/**
 * Takes the roots of the local authority out of the trust stores of this machine. The authority itself
 * stays.
 *
 * @param options `all` takes out every root that any Sealport made, also for other directories
 * @throws UserError `store-unusable`
 */
export async function untrust(
	options: StoreOptions & {readonly all?: boolean | undefined},
): Promise<{readonly roots: readonly Root[]; readonly places: readonly Settled[]}> {
	const {directory, stores, all = false, dryRun = false} = options;
	const roots = storedRoots(directory);
	const own = new Set(roots.map(({fingerprint}) => fingerprint));
	const places = await settleAll(options, {
		known: roots,
		leaves: ({fingerprint}) => all || own.has(fingerprint),
	});
	if (!dryRun && stores === undefined) {
		await refreshDerived(resolve(directory), certificate => own.has(fingerprintOf(certificate)));
	}
	return {roots, places};
}

async function settleAll(
	{directory, stores = storeNames, dryRun = false, tell = () => undefined}: StoreOptions,
	wish: Pick<Wish, 'root' | 'known' | 'leaves'>,
): Promise<readonly Settled[]> {
	const machine = thisMachine(resolve(directory));
	const {isRoot} = machine;
	const settleEach = async () => {
		const settled: Settled[] = [];
		for (const store of storeNames.filter(name => stores.includes(name))) {
			// One kind after the other: changing the system's store changes some Java keystores, too.
			for (const place of await findPlaces(machine, [store])) {
				const isSystemPending = settled.some(
					({store: kind, outcome}) =>
						kind === 'system' && (outcome === 'needs-root' || outcome === 'planned'),
				);
				const found = await settle(place, {...wish, dryRun, isSystemPending, isRoot, tell});
				settled.push(withSystem(place, found, settled));
			}
		}
		return settled;
	};
	return dryRun ? settleEach() : inTurn(machine.directory, tell, settleEach);
}

/** What a change of the system's store has done in another place was done just now. */
function withSystem(place: Place, found: Settled, before: readonly Settled[]): Settled {
	const changed = before.find(
		({store, outcome}) => store === 'system' && (outcome === 'added' || outcome === 'removed'),
	);
	const isFollowed =
		place.followsSystem && (found.outcome === 'present' || found.outcome === 'absent');
	return isFollowed && changed !== undefined ? {...found, outcome: changed.outcome} : found;
}
