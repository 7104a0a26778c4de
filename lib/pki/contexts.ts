import {createSecureContext, type SecureContext} from 'node:tls';
import type {ContextSource} from '../forward/seams.js';
import type {Authority} from './authority.js';
import {isWithin} from './constraints.js';
import type {Der} from './der.js';
import {keepContexts} from './kept-contexts.js';
import {type KeyType, newKeys} from './key-type.js';
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
	/** P-256 by default. */
	readonly keyType?: KeyType | undefined;
	/** How many leaves to keep beside the default one; 128 by default. */
	readonly capacity?: number;
}

/** What is made at once and renewed at once. */
interface Generation {
	/** Key and chain of the default leaf, PEM. */
	readonly material: {readonly key: string; readonly cert: string};
	readonly context: SecureContext;
	readonly contextOf: (name: string) => SecureContext;
	readonly notBefore: number;
	readonly renewAt: number;
}

/**
 * Secure contexts signed by the authority. The default one holds all names given. A server name that
 * is served but not among them gets a leaf for exactly that name, made within the handshake, which is
 * to say one at a time, and kept while it is among those used last; any other text gets the default and
 * costs nothing.
 *
 * All leaves have the life and the key of the default one, and are made anew with it. One key instead of
 * many loses nothing: whoever reads it in this process reads the issuing key, too.
 */
export function authorityContexts(
	der: Der,
	authority: Authority,
	options: ContextOptions,
): ContextSource {
	const {names, serves, now = Date.now, capacity = 128, keyType} = options;
	const exact = new Set(names.filter(name => name.kind === 'dns').map(name => name.text));
	const expiry = Date.parse(authority.issuing.validTo);

	// To make one takes too long for a handshake, and so it stays as long as the process does.
	const rsa = keyType === 'rsa' ? newKeys('rsa') : undefined;
	const make = (): Generation => {
		const keys = rsa ?? newKeys('ec');
		const start = now();
		const leafFor = (leafNames: readonly Name[]) =>
			createLeaf(der, authority, leafNames, start, {keys});
		const {key, chain, notBefore, renewAt} = leafFor(names);
		const material = {key, cert: chain};
		return {
			material,
			context: createSecureContext({...tlsSettings, ...material}),
			contextOf: keepContexts(capacity, key, text => leafFor([{kind: 'dns', text}]).chain),
			notBefore,
			renewAt,
		};
	};
	const isFresh = ({notBefore, renewAt}: Generation): boolean => {
		const time = now();
		// Beyond the authority's own life nothing better can be made.
		return time > expiry || (time >= notBefore && time < renewAt);
	};

	let latest = make();
	const current = (): Generation => {
		if (!isFresh(latest)) {
			latest = make();
		}
		return latest;
	};

	const hasOwnLeaf = (text: string): boolean =>
		!exact.has(text) &&
		isHostName(text) &&
		isWithin({kind: 'dns', text}, authority.constraints) &&
		serves(text);

	return {
		unnamed: () => current().material,
		contextFor(serverName) {
			const {context, contextOf} = current();
			if (serverName === undefined || serverName.length > 253) {
				return context;
			}
			const text = serverName.toLowerCase();
			return hasOwnLeaf(text) ? contextOf(text) : context;
		},
	};
}
