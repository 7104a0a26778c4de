import {createSecureContext, type SecureContext, type SecureContextOptions} from 'node:tls';
import {pemBlocks} from './pem.js';
import {tlsSettings} from './tls-settings.js';

/**
 * Keeps the secure contexts of the names asked for last, all of one key.
 *
 * A context holds some 35 KiB that V8 does not see and gives back late, and making one takes longer than
 * signing its leaf. So when the capacity is reached, the context used longest ago gets the leaf of the
 * new name. Connections are none the worse: what they need of a context they have copied within
 * `SNICallback`. Only one that begins its handshake over (a HelloRetryRequest, a renegotiation) when its
 * context has gone to another name in between is shown that name's leaf, which its client may refuse. To
 * close the context instead, for which Node has a function, would crash the process at that moment.
 *
 * @param capacity how many, at least 1
 * @param key PEM
 * @param chainFor makes the chain for a name, PEM: a leaf for `key`, and always the same above it
 * @param settings what the contexts have in common; `tlsSettings` by default
 * @returns gives the context for a name
 */
export function keepContexts(
	capacity: number,
	key: string,
	chainFor: (name: string) => string,
	settings: SecureContextOptions = tlsSettings,
): (name: string) => SecureContext {
	// A Map keeps the order of insertion, which makes the first name the one used longest ago.
	const kept = new Map<string, SecureContext>();
	return name => {
		const context = kept.get(name) ?? make(chainFor(name));
		kept.delete(name);
		kept.set(name, context);
		return context;
	};

	function make(cert: string): SecureContext {
		const oldest = kept.size < capacity ? undefined : kept.entries().next().value;
		if (oldest !== undefined) {
			const [name, context] = oldest;
			kept.delete(name);
			if (changeLeaf(context, cert)) {
				return context;
			}
		}
		return createSecureContext({...settings, key, cert});
	}
}

/**
 * Gives a context the leaf of another chain. Node documents no such thing; this is the function by which
 * `createSecureContext` itself puts certificates in. It would add the rest of the chain to what is there.
 *
 * @returns whether this version of Node can do it
 */
function changeLeaf({context}: SecureContext, chain: string): boolean {
	const native: {readonly setCert?: unknown} = context;
	if (typeof native.setCert !== 'function') {
		return false;
	}
	native.setCert(pemBlocks(chain)[0]?.text);
	return true;
}
