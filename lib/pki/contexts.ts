import {createSecureContext, type SecureContext} from 'node:tls';
import type {ContextSource} from '../forward/seams.js';
import type {Authority} from './authority.js';
import {isWithin} from './constraints.js';
import type {Der} from './der.js';
import {createLeaf} from './leaf.js';
import {isHostName, type Name} from './names.js';
import {tlsSettings} from './tls-settings.js';

/** What `authorityContexts` needs to know. */
export interface ContextOptions {
	/** What the default leaf holds, for clients that send no name. */
	readonly names: readonly Name[];
	/** Whether a name is served; gets host names in lower case only. */
	readonly serves: (name: string) => boolean;
	/** Milliseconds since 1970; `Date.now` by default. */
	readonly now?: () => number;
	/** How many leaves to keep beside the default one; 512 by default. */
	readonly capacity?: number;
}

interface Entry {
	readonly material: {readonly key: string; readonly cert: string};
	readonly context: SecureContext;
	readonly notBefore: number;
	readonly renewAt: number;
}

/**
 * Secure contexts signed by the authority. The default one holds all names given. A server name that
 * is served but not among them gets a leaf for exactly that name, made within the handshake and kept
 * while it is among those used last; any other text gets the default and costs nothing.
 */
export function authorityContexts(
	der: Der,
	authority: Authority,
	options: ContextOptions,
): ContextSource {
	const {names, serves, now = Date.now, capacity = 512} = options;
	const exact = new Set(names.filter(name => name.kind === 'dns').map(name => name.text));
	const expiry = Date.parse(authority.issuing.validTo);
	// A Map keeps the order of insertion, which makes the first key the one used longest ago.
	const kept = new Map<string, Entry>();

	const make = (leafNames: readonly Name[]): Entry => {
		const {key, chain, notBefore, renewAt} = createLeaf(der, authority, leafNames, now());
		const material = {key, cert: chain};
		const context = createSecureContext({...tlsSettings, ...material});
		return {material, context, notBefore, renewAt};
	};
	const isFresh = (entry: Entry): boolean => {
		const time = now();
		// Beyond the authority's own life nothing better can be made.
		return time > expiry || (time >= entry.notBefore && time < entry.renewAt);
	};

	let byDefault = make(names);
	const fallback = (): Entry => {
		if (!isFresh(byDefault)) {
			byDefault = make(names);
		}
		return byDefault;
	};

	return {
		unnamed: () => fallback().material,
		contextFor(serverName) {
			if (serverName === undefined || serverName.length > 253) {
				return fallback().context;
			}
			const text = serverName.toLowerCase();
			const name: Name = {kind: 'dns', text};
			if (
				exact.has(text) ||
				!isHostName(text) ||
				!isWithin(name, authority.constraints) ||
				!serves(text)
			) {
				return fallback().context;
			}
			const found = kept.get(text);
			const entry = found !== undefined && isFresh(found) ? found : make([name]);
			kept.delete(text);
			kept.set(text, entry);
			for (const oldest of kept.keys()) {
				if (kept.size <= capacity) {
					break;
				}
				kept.delete(oldest);
			}
			return entry.context;
		},
	};
}
