import {createSecureContext, type SecureContext} from 'node:tls';
import type {ClientAuthority, ContextSource, TlsMaterial} from '../forward/seams.js';
import type {Authority} from './authority.js';
import {isWithin} from './constraints.js';
import type {KeyType} from './key-type.js';
import type {Leaf} from './leaf.js';
import {isHostName, type Name} from './names.js';
import type {Signing} from './signing.js';
import {settingsFor} from './tls-settings.js';

/** What `authorityContexts` needs to know. */
export interface ContextOptions {
	/** What the default leaf holds, for clients that send no name. */
	readonly names: readonly Name[];
	/** Whether a name is served; gets host names in lower case only. */
	readonly serves: (name: string) => boolean;
	/** Milliseconds since 1970; `Date.now` by default. */
	readonly now?: () => number;
	/** P-256 by default. */
	readonly keyType?: KeyType | undefined;
	/** How many leaves to keep beside the default one; 128 by default. */
	readonly capacity?: number;
	/** The default leaf to begin with: for these names, of this kind, in its time; made by default. */
	readonly kept?: Leaf | undefined;
	/** Who has to have signed the certificates of clients; they are not asked for one by default. */
	readonly clients?: ClientAuthority | undefined;
}

/** The contexts, and what they began with. */
export interface AuthorityContexts extends ContextSource {
	/** The first default leaf. */
	readonly leaf: Leaf;
	/** Gives up what was to be loaded in passing. */
	close(): void;
}

/** A default leaf, ready to serve. */
interface Current {
	readonly leaf: Leaf;
	readonly material: TlsMaterial;
	readonly context: SecureContext;
}

/** Milliseconds after which what makes leaves is loaded when nobody has asked for it. */
const quietTime = 1_000;

/**
 * Secure contexts signed by the authority. The default one holds all names given. A server name that
 * is served but not among them gets a leaf for exactly that name, made within the handshake, which is
 * to say one at a time, and kept while it is among those used last; any other text gets the default and
 * costs nothing.
 *
 * All leaves have the life and the key of the default one, and are made anew with it. One key instead of
 * many loses nothing: whoever reads it in this process reads the issuing key, too.
 *
 * With a leaf at hand, what makes others is not loaded before a name asks for one, or a second is over, so
 * that it is not in the way of the first answer. It is not left to the day on which it is needed, when
 * its files may have been replaced by another version's.
 */
export async function authorityContexts(
	authority: Authority,
	options: ContextOptions,
): Promise<AuthorityContexts> {
	const {names, serves, now = Date.now, capacity = 128, keyType = 'ec', kept, clients} = options;
	const settings = settingsFor(clients);
	const exact = new Set(names.filter(name => name.kind === 'dns').map(name => name.text));
	const expiry = Date.parse(authority.issuing.validTo);

	let signing: Signing | undefined;
	let loading: Promise<Signing> | undefined;
	const load = (): Promise<Signing> => {
		loading ??= loadSigning().catch((error: unknown) => {
			loading = undefined;
			throw error;
		});
		return loading;
	};
	const loadInPassing = () => {
		load().catch(() => {
			// Whoever has to have it finds out by waiting for it.
		});
	};

	const serve = (leaf: Leaf): Current => {
		const material = {key: leaf.key, cert: leaf.chain};
		const context = createSecureContext({...settings, ...material});
		return {leaf, material: {...material, clients}, context};
	};
	const isFresh = ({notBefore, renewAt}: Leaf): boolean => {
		const time = now();
		// Beyond the authority's own life nothing better can be made.
		return time > expiry || (time >= notBefore && time < renewAt);
	};
	let latest = serve(kept ?? (await load()).newLeaf(names, now()));
	const current = (): Current => {
		if (!isFresh(latest.leaf)) {
			if (signing === undefined) {
				loadInPassing();
			} else {
				latest = serve(signing.newLeaf(names, now(), latest.leaf));
			}
		}
		return latest;
	};
	const timer = kept && setTimeout(loadInPassing, quietTime).unref();

	async function loadSigning(): Promise<Signing> {
		const {openSigning} = await import('./signing.js');
		signing = await openSigning(authority, keyType, capacity, settings);
		return signing;
	}

	const hasOwnLeaf = (text: string): boolean =>
		!exact.has(text) &&
		isHostName(text) &&
		isWithin({kind: 'dns', text}, authority.constraints) &&
		serves(text);

	const ownName = (serverName: string | undefined): string | undefined => {
		if (serverName === undefined || serverName.length > 253) {
			return undefined;
		}
		const text = serverName.toLowerCase();
		return hasOwnLeaf(text) ? text : undefined;
	};

	return {
		leaf: latest.leaf,
		close: () => clearTimeout(timer),
		unnamed: () => current().material,
		ready: serverName =>
			signing === undefined && ownName(serverName) !== undefined ? load() : undefined,
		contextFor(serverName) {
			const {leaf, context} = current();
			const name = ownName(serverName);
			return name === undefined || signing === undefined ? context : signing.contextOf(leaf, name);
		},
	};
}
