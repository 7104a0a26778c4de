import {createPrivateKey, createPublicKey, type KeyPairKeyObjectResult} from 'node:crypto';
import type {SecureContext, SecureContextOptions} from 'node:tls';
import type {Authority} from './authority.js';
import {loadDer} from './der.js';
import {keepContexts} from './kept-contexts.js';
import {type KeyType, newKeys} from './key-type.js';
import {backdating, createLeaf, type Leaf} from './leaf.js';
import type {Name} from './names.js';

/** What makes leaves. */
export interface Signing {
	/**
	 * Makes a default leaf with a new key, unless it is to be RSA: to make one takes too long for a
	 * handshake, and so it stays as long as the process does.
	 *
	 * @param before the default leaf so far
	 */
	newLeaf(names: readonly Name[], now: number, before?: Leaf): Leaf;
	/**
	 * The context of a name beside those of the default leaf, with that leaf's key and life.
	 *
	 * @param leaf the default leaf in use; the contexts of the one before it are forgotten
	 */
	contextOf(leaf: Leaf, name: string): SecureContext;
}

/**
 * Loads what makes leaves.
 *
 * @param keyType of the leaves
 * @param capacity how many leaves to keep beside the default one
 * @param settings what their contexts have in common
 */
export async function openSigning(
	authority: Authority,
	keyType: KeyType,
	capacity: number,
	settings: SecureContextOptions,
): Promise<Signing> {
	const der = await loadDer();
	let kept: {readonly of: Leaf; readonly contextOf: (name: string) => SecureContext} | undefined;
	return {
		newLeaf(names, now, before) {
			const keys = before && keyType === 'rsa' ? keysOf(before) : newKeys(keyType);
			return createLeaf(der, authority, names, now, {keys});
		},
		contextOf(leaf, name) {
			kept = kept?.of === leaf ? kept : {of: leaf, contextOf: contextsBeside(leaf)};
			return kept.contextOf(name);
		},
	};

	function contextsBeside(leaf: Leaf): (name: string) => SecureContext {
		const keys = keysOf(leaf);
		const start = leaf.notBefore + backdating;
		return keepContexts(
			capacity,
			leaf.key,
			text => createLeaf(der, authority, [{kind: 'dns', text}], start, {keys}).chain,
			settings,
		);
	}
}

function keysOf({key}: Leaf): KeyPairKeyObjectResult {
	const privateKey = createPrivateKey(key);
	return {privateKey, publicKey: createPublicKey(privateKey)};
}
